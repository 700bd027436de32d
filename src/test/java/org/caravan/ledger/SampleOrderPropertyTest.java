package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.caravan.testing.SampleLedger;
import org.caravan.testing.UsageLedger;

/** Within the lateness neither order nor repetition nor batches change what comes of samples. */
class SampleOrderPropertyTest {
    private static final UsageLedger USAGE = SampleLedger.pooled();
    private static final AtomicInteger TRIES = new AtomicInteger();
    private static final Instant BEGIN = Instant.parse("2026-10-01T10:00:00Z");
    private static final int HOURS = 5;
    private static final int LATENESS_SECONDS = 2 * 3600;
    private static final List<String> STATES = List.of("active", "active", "shutoff", "building", "deleted", "resized");

    /** A sample and when it comes. */
    private record Sent(String sample, long at) {}

    @Property(tries = 12)
    void usageIsTheSameWhateverTheOrder(@ForAll long seed, @ForAll @IntRange(min = 3, max = 40) int batchSize)
            throws SQLException {
        // given: samples as they are measured, and as they come: each less than the lateness after it was measured
        Random random = new Random(seed);
        int number = TRIES.incrementAndGet();
        List<Sent> samples = samples(random);
        List<Sent> delayed = new ArrayList<>();
        for (Sent sent : samples) {
            for (int times = random.nextInt(4) == 0 ? 2 : 1; times > 0; times--) {
                delayed.add(new Sent(sent.sample, sent.at + random.nextInt(LATENESS_SECONDS)));
            }
        }
        delayed.sort(Comparator.comparingLong(Sent::at));
        String clock =
                SampleLedger.traffic("clock", BEGIN.plusSeconds(24 * 3600).toString(), "0");
        SampleLedger ordered = new SampleLedger(USAGE, "ordered" + number);
        SampleLedger shuffled = new SampleLedger(USAGE, "shuffled" + number);

        // when: one hub reads all at once and in order, the other bit by bit as they come
        ordered.collect(samples.stream().map(Sent::sample).toList(), List.of());
        ordered.collect(clock);
        ordered.make();
        int late = 0;
        for (int i = 0; i < delayed.size(); i += batchSize) {
            late += shuffled.collect(
                            delayed.subList(i, Math.min(delayed.size(), i + batchSize)).stream()
                                    .map(Sent::sample)
                                    .toList(),
                            List.of())
                    .late();
            shuffled.make();
        }
        shuffled.collect(clock);
        shuffled.make();

        // then
        assertThat(late).isZero();
        for (String tenant : List.of("acme", "kea")) {
            assertThat(shuffled.billed(tenant)).isEqualTo(ordered.billed(tenant));
        }
        assertThat(ordered.billed("acme").size() + ordered.billed("kea").size()).isPositive();
    }

    private static List<Sent> samples(Random random) {
        List<Sent> samples = new ArrayList<>();
        for (int i = 0; i < 20 + random.nextInt(60); i++) {
            // times that fall together, too
            long at = random.nextInt(HOURS * 60) * 60L;
            String time = BEGIN.plusSeconds(at).toString();
            String tenant = random.nextBoolean() ? "acme" : "kea";
            String resource = "r" + random.nextInt(3);
            String sample =
                    switch (random.nextInt(3)) {
                        case 0 ->
                            SampleLedger.vm(
                                    tenant,
                                    resource,
                                    time,
                                    STATES.get(random.nextInt(STATES.size())),
                                    "c" + random.nextInt(2));
                        case 1 ->
                            SampleLedger.sample(
                                    tenant,
                                    "volume",
                                    resource,
                                    time,
                                    Integer.toString(random.nextInt(50)),
                                    random.nextBoolean() ? Map.of() : Map.of("volume_type", "v" + random.nextInt(2)));
                        default -> SampleLedger.traffic(tenant, time, random.nextInt(100) + ".5");
                    };
            samples.add(new Sent(sample, at));
        }
        samples.add(new Sent(SampleLedger.traffic("acme", BEGIN.toString(), "0.25"), 0));
        samples.sort(Comparator.comparingLong(Sent::at));
        return samples;
    }
}
