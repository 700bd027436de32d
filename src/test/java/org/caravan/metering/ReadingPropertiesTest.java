package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.caravan.common.UserError;

class ReadingPropertiesTest {
    private static final String[] COLUMNS = {
        "id", "tenant", "datacenter", "resource", "meter", "quantity", "unit", "begin", "end", "x", "y"
    };

    private static final MeterCatalog METERS = MeterCatalog.parse(
            "meters: {listed: {unit: GB, metadata: [x], product: 'P {x}'}, gauge: {times: hours}}", "meters.yaml");

    /** A record's cells; an empty one is absent. Some records are bad. */
    @Provide
    Arbitrary<List<String[]>> records() {
        Arbitrary<String> name = Arbitraries.oneOf(
                Arbitraries.strings().ofMinLength(0).ofMaxLength(12).filter(ReadingPropertiesTest::isCell),
                Arbitraries.of("t1", "t2", "a,b", "say \"x\"", "東京\uD83D\uDE80", " ", "é"));
        Arbitrary<String> meter = Arbitraries.of("listed", "gauge", "other", "");
        Arbitrary<String> unit = Arbitraries.of("GB", "B", "hour", "", "MiB");
        Arbitrary<String> quantity = Arbitraries.oneOf(
                Arbitraries.bigDecimals().ofScale(3).map(Object::toString),
                Arbitraries.of("0", "1e3", "x", "", "123456789012345678901234567890.5"));
        Arbitrary<String> begin = Arbitraries.integers().between(-5, 800).map(h -> Instant.parse("2026-10-01T00:00:00Z")
                .plusSeconds(3600L * h)
                .toString());
        Arbitrary<String[]> record = Combinators.combine(name, name, name, meter, quantity, unit, begin, begin)
                .as((a, b, c, m, q, u, from, to) -> new String[] {a, b, "dc", c, m, q, u, from, to, b, a});
        return record.list().ofMaxSize(30);
    }

    private static boolean isCell(String text) {
        // an unpaired surrogate has no UTF-8 form; one record is one line
        return StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.chars().noneMatch(c -> c == '\n' || c == '\r' || c == 0);
    }

    private static String csv(List<String[]> records) {
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (String[] record : records) {
            text.append(java.util.Arrays.stream(record)
                            .map(cell -> cell.contains(",") || cell.contains("\"")
                                    ? "\"" + cell.replace("\"", "\"\"") + "\""
                                    : cell)
                            .collect(Collectors.joining(",")))
                    .append('\n');
        }
        return text.toString();
    }

    private static String jsonl(List<String[]> records) {
        StringBuilder text = new StringBuilder("\n");
        for (String[] record : records) {
            var node = org.caravan.common.Json.mapper().createObjectNode();
            for (int i = 0; i < 9; i++) {
                node.put(COLUMNS[i], record[i]);
            }
            var metadata = node.putObject("metadata");
            for (int i = 9; i < record.length; i++) {
                if (!record[i].isEmpty()) {
                    metadata.put(COLUMNS[i], record[i]);
                }
            }
            text.append(node).append('\n');
        }
        return text.toString();
    }

    private record Seen(List<UsageRecord> records, List<String> products, List<String> rejected) {
        static Seen of(List<UsageBatch> batches) {
            List<String> products = new ArrayList<>();
            for (UsageBatch batch : batches) {
                for (int row = 0; row < batch.size(); row++) {
                    products.add(batch.key(row).product() + batch.key(row).identity());
                }
            }
            return new Seen(
                    Reading.records(batches),
                    products,
                    Reading.rejected(batches).stream()
                            .map(r -> r.position() + ": " + r.reason())
                            .toList());
        }
    }

    @Property(tries = 300)
    void csvAndJsonOfTheSameRecordsGiveTheSame(@ForAll("records") List<String[]> records) {
        // given
        String csv = csv(records);
        String jsonl = jsonl(records);
        // when
        Seen fromCsv = Seen.of(Reading.csv(csv, Reading.SETTINGS, METERS));
        Seen fromJson = Seen.of(Reading.jsonl(jsonl, Reading.SETTINGS, METERS));
        // then
        assertThat(fromJson).isEqualTo(fromCsv);
        assertThat(fromCsv.records.size() + fromCsv.rejected.size()).isEqualTo(records.size());
    }

    @Property(tries = 200)
    void batchSizeAndKeyTableNeverChangeTheRecords(
            @ForAll("records") List<String[]> records, @ForAll @IntRange(min = 1, max = 40) int batchSize) {
        // given a small batch, and a key table that is emptied all the time
        String csv = csv(records);
        MeteringSettings small =
                Reading.SETTINGS.withBatchSize(batchSize).with("maxKeys", 16).with("maxKeyBytes", 1 << 14);
        // when
        var batches = Reading.csv(csv, small, METERS);
        // then
        assertThat(Seen.of(batches)).isEqualTo(Seen.of(Reading.csv(csv, Reading.SETTINGS, METERS)));
        long next = 1;
        for (UsageBatch batch : batches) {
            PositionRange range = batch.positions().get(0);
            assertThat(range.from()).isEqualTo(next);
            assertThat(range.last()).isEqualTo(batch == batches.get(batches.size() - 1));
            for (int row = 0; row < batch.size(); row++) {
                assertThat(batch.position(row)).isBetween(range.from(), range.to() - 1);
            }
            next = range.to();
        }
        assertThat(next).isEqualTo(records.size() + 2L);
    }

    @Property(tries = 300)
    void whatWasReadIsWrittenAndReadAgainTheSame(@ForAll("records") List<String[]> records) {
        // given
        List<UsageRecord> read = Reading.records(Reading.csv(csv(records), Reading.SETTINGS, METERS));
        String lines = read.stream().map(UsageJson::line).collect(Collectors.joining("\n"));
        // when
        var again = Reading.jsonl(lines, Reading.SETTINGS, METERS);
        // then
        assertThat(Reading.rejected(again)).isEmpty();
        assertThat(Reading.records(again))
                .usingElementComparator(ReadingPropertiesTest::compare)
                .isEqualTo(read);
    }

    private static int compare(UsageRecord a, UsageRecord b) {
        boolean same = UsageJson.line(a).equals(UsageJson.line(b));
        return same ? 0 : 1;
    }

    @Property(tries = 500)
    void randomBytesAreRejectedOrRefusedOnly(
            @ForAll @Size(max = 2000) byte[] bytes, @ForAll @IntRange(max = 2) int start) {
        // given bytes alone, behind a header, or behind the first ones of a gzip
        byte[] header = List.of(new byte[0], (Reading.HEADER + "\n").getBytes(StandardCharsets.UTF_8), new byte[] {
                    0x1f, (byte) 0x8b, 8
                })
                .get(start);
        byte[] all = java.util.Arrays.copyOf(header, header.length + bytes.length);
        System.arraycopy(bytes, 0, all, header.length, bytes.length);
        // when
        for (boolean csv : new boolean[] {true, false}) {
            try (UsageBatches batches = csv
                    ? UsageBatches.csv(Reading.input(all), Reading.SETTINGS, METERS, Reading.NOW)
                    : UsageBatches.jsonl(Reading.input(all), Reading.SETTINGS, METERS, Reading.NOW)) {
                // then
                batches.forEachRemaining(b -> assertThat(b.rejected()).allSatisfy(r -> {
                    assertThat(r.reason()).isNotBlank().doesNotContain("\n");
                    assertThat(r.raw()).doesNotContain("\0");
                }));
            } catch (UserError e) {
                assertThat(e).hasMessageStartingWith("file usage");
            }
        }
    }

    @Property(tries = 300)
    void damagedLinesHarmOnlyThemselves(
            @ForAll("records") List<String[]> records,
            @ForAll @IntRange(min = 0, max = 29) int at,
            @ForAll @Size(min = 1, max = 60) byte[] damage) {
        // given a line of garbage in the midst of records
        int line = Math.min(at, records.size());
        byte[] before = csv(records.subList(0, line)).getBytes(StandardCharsets.UTF_8);
        String rest = csv(records.subList(line, records.size()));
        byte[] after = rest.substring(rest.indexOf('\n') + 1).getBytes(StandardCharsets.UTF_8);
        byte[] garbage = damage.clone();
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = garbage[i] == '\n' ? (byte) '"' : garbage[i];
        }
        var all = new java.io.ByteArrayOutputStream();
        all.writeBytes(before);
        all.writeBytes(garbage);
        all.write('\n');
        all.writeBytes(after);
        // when
        var batches =
                Reading.all(UsageBatches.csv(Reading.input(all.toByteArray()), Reading.SETTINGS, METERS, Reading.NOW));
        // then
        assertThat(Reading.records(batches))
                .isEqualTo(Reading.records(Reading.csv(csv(records), Reading.SETTINGS, METERS)));
    }

    @Property(tries = 200)
    void theKeysTextsAreThoseOfTheLine(@ForAll("records") List<String[]> records) {
        // given
        String csv = csv(records);
        // when
        List<UsageBatch> batches = Reading.csv(csv, Reading.SETTINGS, METERS);
        // then
        for (UsageBatch batch : batches) {
            for (int row = 0; row < batch.size(); row++) {
                String[] cells = records.get((int) batch.position(row) - 2);
                UsageKey key = batch.key(row);
                assertThat(key.tenant()).isEqualTo(cells[1]);
                assertThat(key.resource()).isEqualTo(cells[3]);
                assertThat(key.meter().name()).isEqualTo(cells[4]);
                assertThat(batch.id(row)).isEqualTo(cells[0].isEmpty() ? null : cells[0]);
                Map<String, Object> metadata = key.metadata();
                assertThat(metadata.get("x")).isEqualTo(cells[9].isEmpty() ? null : cells[9]);
            }
        }
    }
}
