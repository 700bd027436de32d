package org.caravan;

import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * What examples/october.csv must come to, computed the slow and obvious way: each record alone, in file order, with the
 * prices of examples/tariff.yaml written out by hand. Shares no code with what it judges.
 */
final class ExampleOracle {
    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final Instant CHEAPER_FROM = Instant.parse("2026-10-16T00:00:00Z");

    private final YearMonth month;
    private final Map<List<String>, TreeMap<Instant, CSVRecord>> billed = new HashMap<>();

    /** Exact amount of the month by tenant. */
    final TreeMap<String, BigDecimal> amounts = new TreeMap<>();

    /** Quantity of the month by tenant, datacenter and meter. */
    final TreeMap<String, BigDecimal> quantities = new TreeMap<>();

    long read;
    long accepted;
    long duplicate;
    long conflict;
    long quarantined;
    long unpriced;
    long otherMonths;

    private ExampleOracle(YearMonth month) {
        this.month = month;
    }

    static ExampleOracle of(Path usage, YearMonth month) throws IOException {
        ExampleOracle oracle = new ExampleOracle(month);
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Reader reader = Files.newBufferedReader(usage, StandardCharsets.UTF_8)) {
            format.parse(reader).forEach(oracle::take);
        }
        return oracle;
    }

    private void take(CSVRecord record) {
        read++;
        if (!usable(record)) {
            quarantined++;
            return;
        }
        Instant begin = time(record.get("begin"));
        Instant end = time(record.get("end"));
        TreeMap<Instant, CSVRecord> series = billed.computeIfAbsent(series(record), key -> new TreeMap<>());
        CSVRecord same = series.get(begin);
        if (same != null && time(same.get("end")).equals(end) && sameContent(same, record)) {
            duplicate++;
            return;
        }
        Map.Entry<Instant, CSVRecord> before = series.lowerEntry(end);
        if (before != null && time(before.getValue().get("end")).isAfter(begin)) {
            conflict++;
            return;
        }
        series.put(begin, record);
        accepted++;
        if (record.get("meter").equals("loadbalancer")) {
            unpriced++;
        }
        if (!YearMonth.from(begin.atOffset(ZoneOffset.UTC)).equals(month)) {
            otherMonths++;
            return;
        }
        BigDecimal quantity = new BigDecimal(record.get("quantity"));
        amounts.merge(record.get("tenant"), price(record, begin, quantity), BigDecimal::add);
        quantities.merge(
                record.get("tenant") + " " + record.get("datacenter") + " " + record.get("meter"),
                quantity,
                BigDecimal::add);
    }

    /** What no moment of is billed twice. */
    private static List<String> series(CSVRecord record) {
        return Stream.of("tenant", "datacenter", "resource", "meter")
                .map(record::get)
                .toList();
    }

    private static boolean usable(CSVRecord record) {
        try {
            return record.isConsistent()
                    && !record.get("tenant").isEmpty()
                    && !record.get("resource").isEmpty()
                    && new BigDecimal(record.get("quantity")).signum() >= 0
                    && time(record.get("begin")).isBefore(time(record.get("end")));
        } catch (NumberFormatException | DateTimeParseException e) {
            return false;
        }
    }

    private static boolean sameContent(CSVRecord a, CSVRecord b) {
        return new BigDecimal(a.get("quantity")).compareTo(new BigDecimal(b.get("quantity"))) == 0
                && List.of("unit", "flavor", "volume_type", "name", "os").stream()
                        .allMatch(column -> a.get(column).equals(b.get(column)));
    }

    private static Instant time(String text) {
        boolean offset = text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d");
        return offset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    private static BigDecimal price(CSVRecord record, Instant begin, BigDecimal quantity) {
        String tenant = record.get("tenant");
        return switch (record.get("meter")) {
            case "instance" -> instance(record, tenant, begin).multiply(quantity);
            case "volume.size" ->
                quantity.multiply(
                        new BigDecimal(record.get("volume_type").equals("b1.nvme") ? "0.000583" : "0.000347"));
            case "ip.floating" -> quantity.multiply(new BigDecimal("0.0081"));
            case "network.traffic.out" ->
                quantity.multiply(new BigDecimal("0.11")).multiply(trafficRebate(tenant, quantity));
            case "network.traffic.in", "loadbalancer" -> BigDecimal.ZERO;
            case "storage.objects.size" ->
                quantity.multiply(new BigDecimal("0.000275"))
                        .multiply(reaches(quantity, 24_000) ? new BigDecimal("0.92") : ONE);
            default -> throw new IllegalArgumentException("a meter without price in this oracle: " + record);
        };
    }

    private static BigDecimal instance(CSVRecord record, String tenant, Instant begin) {
        String cost =
                switch (record.get("flavor")) {
                    case "c1.c1r1" -> "0.039";
                    case "c1.c1r2" -> "0.0525";
                    case "c1.c2r4" -> begin.isBefore(CHEAPER_FROM) ? "0.105" : "0.0987";
                    case "c1.c4r8" -> tenant.equals("takahe-university") ? "0.189" : "0.21";
                    case "c1.c8r16" -> "0.42";
                    case "c1.c8r32" -> "0.588";
                    case "c2.gpu1" -> "2.965";
                    default -> throw new IllegalArgumentException("a flavor without price in this oracle: " + record);
                };
        BigDecimal compute =
                new BigDecimal(cost).multiply(record.get("os").equals("windows-2025") ? new BigDecimal("1.35") : ONE);
        return tenant.equals("kowhai-bank") ? compute.add(new BigDecimal("0.002")) : compute;
    }

    private static BigDecimal trafficRebate(String tenant, BigDecimal quantity) {
        if (reaches(quantity, 600)) {
            return new BigDecimal("0.8");
        }
        int level = tenant.equals("weka-games") ? 100 : 250;
        return reaches(quantity, level) ? new BigDecimal("0.9") : ONE;
    }

    private static boolean reaches(BigDecimal quantity, long level) {
        return quantity.compareTo(BigDecimal.valueOf(level)) >= 0;
    }
}
