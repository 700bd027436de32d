package org.caravan.hub.gnocchi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageMessages;

/**
 * The usage of one window of one metric, each record as a line of caravan-jsonl: so that one which is set aside can be read by
 * people and retried. For one thread.
 */
final class GnocchiUsage implements UsageMessages {
    private final Metric metric;
    private final String datacenter;
    private final PositionRange range;
    private final List<Row> rows = new ArrayList<>();
    private int index = -1;
    private ByteBuffer line;

    /** @param beginning of the line, which records of one revision share */
    private record Row(byte[] beginning, Instant begin, Instant end, BigDecimal quantity) {}

    GnocchiUsage(Metric metric, String datacenter, PositionRange range) {
        this.metric = metric;
        this.datacenter = datacenter;
        this.range = range;
    }

    /** What records of a resource share, as long as it is one thing. */
    byte[] beginning(String resource, Revision revision) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (revision.project() != null) {
            node.put("tenant", revision.project());
        }
        if (!datacenter.isEmpty()) {
            node.put("datacenter", datacenter);
        }
        node.put("resource", resource).put("meter", metric.meter()).put("unit", metric.unit());
        if (!revision.metadata().isEmpty()) {
            node.set("metadata", revision.metadata());
        }
        String line = node.toString();
        return line.substring(0, line.length() - 1).getBytes(StandardCharsets.UTF_8);
    }

    void add(byte[] beginning, Instant begin, Instant end, BigDecimal quantity) {
        rows.add(new Row(beginning, begin, end, quantity));
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public List<PositionRange> positions() {
        return List.of(range);
    }

    @Override
    public boolean next() {
        if (++index >= rows.size()) {
            return false;
        }
        Row row = rows.get(index);
        byte[] rest = (",\"quantity\":\"" + Quantity.text(row.quantity) + "\",\"begin\":\"" + row.begin
                        + "\",\"end\":\"" + row.end + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        line = ByteBuffer.allocate(row.beginning.length + rest.length)
                .put(row.beginning)
                .put(rest)
                .flip();
        return true;
    }

    @Override
    public int positionIndex() {
        return 0;
    }

    /** Its begin: what lies before the ledger's position was committed by another hub, whatever window that one read. */
    @Override
    public long position() {
        return rows.get(index).begin.getEpochSecond();
    }

    @Override
    public ByteBuffer value() {
        return line.duplicate();
    }

    @Override
    public long length() {
        return line.remaining();
    }

    @Override
    public void headers(BiConsumer<String, byte[]> consumer) {
        // aggregates have none
    }
}
