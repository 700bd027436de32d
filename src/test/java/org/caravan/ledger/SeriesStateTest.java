package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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

    @Property
    void changesInAnyOrderComeToTheTimeThatIsBilledMoreOftenThanReversed(@ForAll long seed) {
        // given: pieces of 1 to 5 units billed, some of them reversed, some of those billed again; by hand per unit
        Random random = new Random(seed);
        SeriesState series = new SeriesState(new BucketMemory(1), 1, 1, 1, 1, 1);
        boolean[] billed = new boolean[120];
        List<long[]> changes = new ArrayList<>();
        for (int begin = 0; begin < 100; begin += 1 + random.nextInt(6)) {
            int end = begin + 1 + random.nextInt(5);
            boolean before = random.nextBoolean();
            int times = random.nextInt(3);
            if (before) {
                series.take(begin, end);
            } else {
                changes.add(new long[] {begin, end, 1});
            }
            if (times > 0) {
                changes.add(new long[] {begin, end, -1});
            }
            if (times > 1) {
                changes.add(new long[] {begin, end, 1});
            }
            Arrays.fill(billed, begin, end, times != 1);
            begin = end;
        }
        Collections.shuffle(changes, random);
        // when
        boolean sound = series.apply(changes);
        // then
        assertThat(sound).isTrue();
        for (int unit = 0; unit < billed.length; unit++) {
            assertThat(series.billedWithin(unit, unit + 1)).isEqualTo(billed[unit] ? 1 : 0);
        }
    }

    @Test
    void timeThatIsNotBilledCanNotBeReversedAndNoneIsBilledTwice() {
        // given
        SeriesState series = new SeriesState(new BucketMemory(1), 1, 1, 1, 1, 1);
        series.take(10, 20);
        // when, then
        assertThat(series.apply(List.of(new long[] {15, 25, 1}))).isFalse();
        assertThat(series.release(30, 40)).isFalse();
    }
}
