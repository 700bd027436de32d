package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ByteTableTest {
    private static Integer get(ByteTable<Integer> table, String... runs) {
        return access(table, null, runs);
    }

    private static void put(ByteTable<Integer> table, int value, String... runs) {
        access(table, value, runs);
    }

    /** Looks up runs that lie in one array with other bytes between them; puts the value where it is missing. */
    private static Integer access(ByteTable<Integer> table, Integer value, String... runs) {
        byte[] bytes = new byte[4096];
        int[] from = new int[runs.length];
        int[] to = new int[runs.length];
        int at = 0;
        for (int i = 0; i < runs.length; i++) {
            bytes[at++] = '#';
            byte[] run = runs[i].getBytes(StandardCharsets.UTF_8);
            System.arraycopy(run, 0, bytes, at, run.length);
            from[i] = at;
            at += run.length;
            to[i] = at;
        }
        Integer found = table.get(bytes, from, to, runs.length);
        if (found == null && value != null) {
            table.put(bytes, from, to, runs.length, value, 0);
        }
        return found;
    }

    @Property(tries = 200)
    void findsWhatWasPutAndNothingElse(
            @ForAll @Size(max = 200) List<@StringLength(max = 20) @CharRange(from = 'a', to = 'c') String> texts) {
        // given
        ByteTable<Integer> table = new ByteTable<>(1000, 1 << 20);
        Map<String, Integer> expected = new HashMap<>();
        // when, then
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            assertThat(get(table, text)).isEqualTo(expected.get(text));
            if (expected.putIfAbsent(text, i) == null) {
                put(table, i, text);
            }
        }
        expected.forEach((text, value) -> assertThat(get(table, text)).isEqualTo(value));
        assertThat(table.size()).isEqualTo(expected.size());
    }

    @Property(tries = 100)
    void findsTheSameWhetherTextsComeInTheirOrderOrNot(
            @ForAll @Size(min = 2, max = 30)
                    List<@StringLength(min = 1, max = 8) @CharRange(from = 'a', to = 'c') String> texts,
            @ForAll @Size(max = 100) List<@IntRange(max = 29) Integer> jumps) {
        // given: a table that has met the texts in one order, twice
        ByteTable<Integer> table = new ByteTable<>(1000, 1 << 20);
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 2 * texts.size(); i++) {
            String text = texts.get(i % texts.size());
            if (expected.putIfAbsent(text, i) == null) {
                put(table, i, text);
            } else {
                assertThat(get(table, text)).isEqualTo(expected.get(text));
            }
        }
        // when, then: in any other order, in the first one again, and what is new
        for (int jump : jumps) {
            String text = texts.get(jump % texts.size());
            assertThat(get(table, text)).isEqualTo(expected.get(text));
        }
        for (String text : texts) {
            assertThat(get(table, text)).isEqualTo(expected.get(text));
            assertThat(get(table, text + "d")).isNull();
        }
    }

    @Test
    void forgetsTheOrderWithTheTexts() {
        // given
        ByteTable<Integer> table = new ByteTable<>(2, 1 << 20);
        put(table, 1, "a");
        put(table, 2, "b");
        assertThat(get(table, "a")).isEqualTo(1);
        // when: no room for a third
        put(table, 3, "c");
        // then
        assertThat(get(table, "b")).isNull();
        assertThat(get(table, "a")).isNull();
        assertThat(get(table, "c")).isEqualTo(3);
    }

    @Test
    void runsAreNotJoined() {
        // given
        ByteTable<Integer> table = new ByteTable<>(100, 1 << 20);
        // when
        put(table, 1, "ab", "c");
        put(table, 2, "a", "bc");
        put(table, 3, "", "abc");
        put(table, 4, "abc", "");
        // then
        assertThat(get(table, "ab", "c")).isEqualTo(1);
        assertThat(get(table, "a", "bc")).isEqualTo(2);
        assertThat(get(table, "", "abc")).isEqualTo(3);
        assertThat(get(table, "abc", "")).isEqualTo(4);
        assertThat(get(table, "abc")).isNull();
    }

    @Test
    void startsAnewWhenFull() {
        // given
        ByteTable<Integer> few = new ByteTable<>(10, 1 << 20);
        ByteTable<Integer> small = new ByteTable<>(1000, 1000);
        // when
        for (int i = 0; i < 11; i++) {
            put(few, i, "text" + i);
            put(small, i, "x".repeat(100) + i);
        }
        // then
        assertThat(few.size()).isEqualTo(1);
        assertThat(get(few, "text10")).isEqualTo(10);
        assertThat(get(few, "text9")).isNull();
        assertThat(small.size()).isLessThan(11);
    }
}
