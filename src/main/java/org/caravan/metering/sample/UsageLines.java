package org.caravan.metering.sample;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageMessages;

/**
 * The usage of windows, as messages of caravan-jsonl: from there on it goes the way of all usage, also into quarantine and out
 * of it again. For one thread.
 */
public final class UsageLines implements UsageMessages {
    private final List<PositionRange> positions;
    private final List<Line> lines = new ArrayList<>();
    private int at = -1;

    private record Line(int positionIndex, long position, byte[] text) {}

    /** @param positions of the windows */
    public UsageLines(List<PositionRange> positions) {
        this.positions = List.copyOf(positions);
    }

    /**
     * Adds what the samples of one resource come to.
     *
     * @param samples of one meter and resource, in the order of time and id, at least one
     * @param first position of the window's first record
     * @param count records that the window has already
     * @return records that it has now
     */
    public int add(
            SampleRules rules,
            String tenant,
            List<Transform> transforms,
            List<Sample> samples,
            Window window,
            int positionIndex,
            long first,
            int count) {
        int now = count;
        for (Transform transform : transforms) {
            for (Stretch stretch : transform.apply(samples, window)) {
                add(rules, tenant, transform, samples, stretch, positionIndex, first + now++);
            }
        }
        return now;
    }

    /**
     * As {@link #add}, where the window was billed before by a part of the samples: what came to something then and comes to
     * nothing now is a record of nothing, so that it can take the place of what was billed.
     */
    public int addAgain(
            SampleRules rules,
            String tenant,
            List<Transform> transforms,
            List<Sample> samples,
            List<Sample> before,
            Window window,
            int positionIndex,
            long first,
            int count) {
        int now = add(rules, tenant, transforms, samples, window, positionIndex, first, count);
        for (Transform transform : transforms) {
            List<Stretch> all = transform.apply(samples, window);
            for (Stretch gone : transform.apply(before, window)) {
                if (all.stream().noneMatch(gone::overlaps)) {
                    Stretch nothing = new Stretch(gone.begin(), gone.end(), "0", gone.service());
                    add(rules, tenant, transform, samples, nothing, positionIndex, first + now++);
                }
            }
        }
        return now;
    }

    private void add(
            SampleRules rules,
            String tenant,
            Transform transform,
            List<Sample> samples,
            Stretch stretch,
            int positionIndex,
            long position) {
        Sample last = samples.get(samples.size() - 1);
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("realm", rules.realm())
                .put("tenant", tenant)
                .put("datacenter", rules.datacenter())
                .put("resource", transform.resource(last.resource()))
                .put("meter", transform.meter())
                .put("quantity", stretch.quantity())
                .put("unit", transform.unit(last))
                .put("begin", time(stretch.begin()))
                .put("end", time(stretch.end()));
        ObjectNode metadata = record.putObject("metadata");
        transform.metadata(stretch, last).forEach(metadata::put);
        lines.add(new Line(positionIndex, position, record.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    @Override
    public int size() {
        return lines.size();
    }

    @Override
    public List<PositionRange> positions() {
        return positions;
    }

    @Override
    public boolean next() {
        return ++at < lines.size();
    }

    @Override
    public int positionIndex() {
        return lines.get(at).positionIndex();
    }

    @Override
    public long position() {
        return lines.get(at).position();
    }

    @Override
    public ByteBuffer value() {
        return ByteBuffer.wrap(lines.get(at).text());
    }

    @Override
    public long length() {
        return lines.get(at).text().length;
    }

    @Override
    public void headers(BiConsumer<String, byte[]> consumer) {}
}
