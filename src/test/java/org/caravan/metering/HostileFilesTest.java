package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of usage that mean ill: each line by itself is refused, the neighbours are read, and memory stays bounded. */
class HostileFilesTest {
    private static final String GOOD = "1,t,,r,m,1,h,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n";

    @Test
    void aCellWithoutEndHarmsItsOwnLineAlone() {
        // given: 64 MiB in a line of their own, never all in memory
        InputStream huge = new java.io.SequenceInputStream(java.util.Collections.enumeration(List.of(
                text(Reading.HEADER + "\n" + GOOD),
                new Endless('x', 64L << 20),
                text("\n" + GOOD.replace("1,t", "2,t")))));
        // when
        List<UsageBatch> batches =
                Reading.all(UsageBatches.csv(Reading.input(huge), Reading.SETTINGS, MeterCatalog.empty(), Reading.NOW));
        // then
        assertThat(Reading.records(batches)).hasSize(2);
        assertThat(Reading.rejected(batches)).singleElement().satisfies(rejected -> assertThat(rejected.reason())
                .contains("longer than"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "1e-999999999",
                "NaN",
                "Infinity",
                "0x10",
                "１",
                "--1",
                "=1+1",
                "1\u0000",
                "\"1",
                "\"1\"\"",
                "'; drop table entry; --"
            })
    void aQuantityThatIsNoneIsQuarantined(String quantity) {
        // given
        String bad = "1,t,,r,m," + quantity + ",h,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n";
        // when
        List<UsageBatch> batches = Reading.csv(Reading.HEADER + "\n" + bad + GOOD.replace("1,t", "2,t"));
        // then
        assertThat(Reading.records(batches)).hasSize(1);
        assertThat(Reading.rejected(batches)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"quantity\": 1e999999999, @}",
                "{\"quantity\": 1, \"quantity\": 2, @}",
                "{\"quantity\": 1, \"metadata\": {\"a\": 1e999999999999}, @",
                "{\"quantity\": NaN, @}",
                "{\"quantity\": 1, \"metadata\": {\"a\": {\"a\": {}}}, @}",
                "[[[[[[[[[[",
                "{\"quantity\": {\"$gt\": 0}, @}",
                "\u0000"
            })
    void aJsonLineThatMeansIllIsQuarantined(String line) {
        // given
        String rest = "\"tenant\": \"t\", \"resource\": \"r\", \"meter\": \"m\", \"unit\": \"h\","
                + " \"begin\": \"2026-10-01T00:00:00Z\", \"end\": \"2026-10-01T01:00:00Z\"";
        String good = "{\"quantity\": 1, " + rest + "}\n";
        // when
        List<UsageBatch> batches = Reading.jsonl(line.replace("@", rest) + "\n" + good);
        // then
        assertThat(Reading.records(batches)).hasSize(1);
        assertThat(Reading.rejected(batches)).hasSize(1);
    }

    @Test
    void depthIsBoundedHoweverLongTheLineMayBe() {
        // given
        String deep = "{\"metadata\": " + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_001);
        // when
        List<UsageBatch> batches = Reading.jsonl(deep + "\n");
        // then
        assertThat(Reading.rejected(batches)).hasSize(1);
    }

    @Test
    void aPackedFileThatGrowsAThousandfoldIsReadLineByLineAndABodyIsRefused() throws Exception {
        // given: 128 MiB of one line
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write((Reading.HEADER + "\n").getBytes(StandardCharsets.UTF_8));
            new Endless('0', 128L << 20).transferTo(gzip);
        }
        assertThat(packed.size()).isLessThan(1 << 20);
        // when
        List<UsageBatch> batches = Reading.all(UsageBatches.csv(
                Reading.input(new Gunzip(new ByteArrayInputStream(packed.toByteArray()))),
                Reading.SETTINGS,
                MeterCatalog.empty(),
                Reading.NOW));
        byte[] body = Packed.gunzip(packed.toByteArray(), 1 << 20);
        // then
        assertThat(Reading.rejected(batches)).hasSize(1);
        assertThat(body).isNull();
        assertThatThrownBy(() -> Packed.gunzip(new byte[] {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, 0, -1, -1}, 10))
                .isInstanceOf(IOException.class);
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** So many of one byte. */
    private static final class Endless extends InputStream {
        private final int value;
        private long left;

        Endless(char value, long length) {
            this.value = value;
            this.left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? value : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(left, length);
            java.util.Arrays.fill(into, offset, offset + count, (byte) value);
            left -= count;
            return count;
        }
    }
}
