package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SeriesStateTest {
    private static final int MOMENTS = 60;

    @Property
    void takesExactlyTheTimeOfWhichNoMomentIsBilled(@ForAll("periods") List<int[]> periods) {
        // given
        SeriesState series = new SeriesState(new BucketMemory(0), 1, 1, 1, 1, 1);
        BitSet billed = new BitSet();
        for (int[] period : periods) {
            // when
            boolean taken = series.take(period[0], period[1]);
            // then
            boolean free = billed.get(period[0], period[1]).isEmpty();
            assertThat(taken).isEqualTo(free);
            if (free) {
                billed.set(period[0], period[1]);
            }
            assertThat(series.runBounds()).isEqualTo(runs(billed));
        }
    }

    @Test
    void usageInTimeOrderStaysOneRun() {
        // given
        SeriesState series = new SeriesState(new BucketMemory(0), 1, 1, 1, 1, 1);
        // when
        for (int hour = 0; hour < 744; hour++) {
            assertThat(series.take(hour, hour + 1)).isTrue();
        }
        // then
        assertThat(series.runBounds()).containsExactly(0, 744);
    }

    @Provide
    Arbitrary<List<int[]>> periods() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, MOMENTS),
                        Arbitraries.integers().between(1, 8))
                .as((begin, length) -> new int[] {begin, begin + length})
                .list()
                .ofMaxSize(60);
    }

    private static long[] runs(BitSet billed) {
        java.util.ArrayList<Long> bounds = new java.util.ArrayList<>();
        for (int at = billed.nextSetBit(0); at >= 0; ) {
            int end = billed.nextClearBit(at);
            bounds.add((long) at);
            bounds.add((long) end);
            at = billed.nextSetBit(end);
        }
        return bounds.stream().mapToLong(Long::longValue).toArray();
    }
}
