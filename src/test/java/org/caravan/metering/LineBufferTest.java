package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineBufferTest {
    /** Gives few bytes at a time, as a network does. */
    private static InputStream slowly(byte[] bytes, long seed) {
        Random random = new Random(seed);
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(40)));
            }
        };
    }

    private static List<String> lines(InputStream in, int maxLineBytes) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineBuffer buffer = new LineBuffer(in, maxLineBytes)) {
            while (buffer.next()) {
                String text = new String(buffer.bytes, buffer.from, buffer.to - buffer.from, StandardCharsets.UTF_8);
                lines.add(buffer.tooLong ? "long:" + text.charAt(0) : text);
                boolean unusual = text.chars().anyMatch(c -> c < ' ' || c > 0x7e);
                assertThat(buffer.unusual || buffer.tooLong).isEqualTo(unusual || buffer.tooLong);
                assertThat(buffer.line).isEqualTo(lines.size());
            }
            assertThat(buffer.atEnd()).isTrue();
        }
        return lines;
    }

    @Property(tries = 200)
    void cutsWhateverTheChunks(@ForAll long seed, @ForAll @IntRange(min = 0, max = 60) int count) throws IOException {
        // given lines of all lengths, some with unusual characters, some beyond the limit
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            char filling = "abcé\t".charAt(random.nextInt(5));
            String line = String.valueOf(filling).repeat(random.nextInt(90));
            boolean isLong = line.getBytes(StandardCharsets.UTF_8).length > 80;
            expected.add(isLong ? "long:" + filling : line);
            text.append(line).append(random.nextBoolean() ? "\n" : "\r\n");
        }
        boolean open = count > 0 && random.nextBoolean();
        if (open) {
            text.append("last");
            expected.add("last");
        }
        // when
        List<String> lines = lines(slowly(text.toString().getBytes(StandardCharsets.UTF_8), seed), 80);
        // then
        assertThat(lines).isEqualTo(expected);
    }

    @Test
    void linesAcrossTheBuffersEndAreWhole() throws IOException {
        // given 5 MB of lines that do not divide the buffer
        String line = "0123456789".repeat(77);
        byte[] bytes = (line + "\n").repeat(6700).getBytes(StandardCharsets.UTF_8);
        // when
        List<String> lines = lines(new ByteArrayInputStream(bytes), 1000);
        // then
        assertThat(lines).hasSize(6700).containsOnly(line);
    }

    @Test
    void aLongLineAtTheEndIsOneLine() throws IOException {
        // given
        byte[] bytes = ("a\n" + "x".repeat(5_000_000)).getBytes(StandardCharsets.UTF_8);
        // when
        List<String> lines = lines(new ByteArrayInputStream(bytes), 1000);
        // then
        assertThat(lines).containsExactly("a", "long:x");
    }
}
