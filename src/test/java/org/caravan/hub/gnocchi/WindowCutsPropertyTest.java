package org.caravan.hub.gnocchi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.caravan.common.Json;
import org.caravan.metering.MeterCatalog;
import org.caravan.testing.FakeGnocchi;

/** However time is cut into windows and ids into pages, the records are the same, and nothing of a value is lost. */
class WindowCutsPropertyTest {
    private static final int HOURS = 8;
    private static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");
    private static final MeterCatalog METERS = MeterCatalog.parse("meters: {gauge: {times: hours}}", "meters.yaml");
    private static final List<Metric> METRICS = MetricsFile.parse(
            """
            metrics:
              value:
                - {unit: u, alt_name: gauge, metadata: [flavor_name], extra_args: {resource_type: t, force_granularity: 3600}}
                - {unit: u, alt_name: amount, metadata: [flavor_name], extra_args: {resource_type: t, force_granularity: 3600}}
                - {unit: u, alt_name: growth, extra_args: {resource_type: t, re_aggregation_method: rate:max, force_granularity: 3600}}
            """,
            "m.yml",
            METERS);

    @Property(tries = 5)
    void theCutChangesNothing(@ForAll Random random) throws Exception {
        // given
        Map<String, BigDecimal> values = new TreeMap<>();
        try (FakeGnocchi gnocchi = new FakeGnocchi()) {
            fill(gnocchi, random, values);
            WindowReader reader = reader(gnocchi);
            for (Metric metric : METRICS) {
                // when
                List<String> whole = read(reader, new Window(metric, BEGIN, hour(HOURS), false));
                List<String> cut = new ArrayList<>();
                TreeSet<Integer> cuts = new TreeSet<>(List.of(0, HOURS));
                random.ints(3, 1, HOURS).forEach(cuts::add);
                gnocchi.maxLimit(3 + random.nextInt(4));
                for (int from : cuts.headSet(HOURS)) {
                    Window window = new Window(metric, hour(from), hour(cuts.higher(from)), random.nextBoolean());
                    cut.addAll(read(reader, window));
                }
                gnocchi.maxLimit(1_000);

                // then
                assertThat(cut).containsExactlyInAnyOrderElementsOf(whole);
                if (metric.meter().equals("amount")) {
                    assertThat(sums(whole)).isEqualTo(values);
                } else if (metric.meter().equals("gauge")) {
                    assertTiled(whole, values);
                }
            }
        }
    }

    private static void fill(FakeGnocchi gnocchi, Random random, Map<String, BigDecimal> values) {
        for (int i = 0; i < 4; i++) {
            String id = "r" + i;
            FakeGnocchi.Resource resource = gnocchi.add(id, "t");
            TreeSet<Integer> seconds = new TreeSet<>();
            random.ints(1 + random.nextInt(5), 0, HOURS * 3600).forEach(seconds::add);
            for (int second : seconds) {
                resource.revision(
                        BEGIN.plusSeconds(second)
                                .plusNanos(random.nextInt(1_000_000) * 1_000L)
                                .toString(),
                        "project_id",
                        "p",
                        "flavor_name",
                        "f" + random.nextInt(3));
            }
            for (int hour = 0; hour < HOURS; hour++) {
                if (random.nextInt(4) > 0) {
                    String value = random.nextInt(1_000) + "." + random.nextInt(1_000);
                    resource.point("value", hour(hour).toString(), value);
                    values.put(id + " " + hour(hour), new BigDecimal(value).stripTrailingZeros());
                }
            }
        }
    }

    /** Of what is shared out: by resource and period. */
    private static Map<String, BigDecimal> sums(List<String> lines) throws Exception {
        Map<String, BigDecimal> sums = new TreeMap<>();
        for (String line : lines) {
            JsonNode record = Json.mapper().readTree(line);
            Instant period = Instant.parse(record.path("begin").asText()).truncatedTo(ChronoUnit.HOURS);
            sums.merge(
                    record.path("resource").asText() + " " + period,
                    new BigDecimal(record.path("quantity").asText()),
                    BigDecimal::add);
        }
        sums.replaceAll((key, sum) -> sum.stripTrailingZeros());
        return sums;
    }

    /** Each period of a gauge has its value from its beginning to its end, once. */
    private static void assertTiled(List<String> lines, Map<String, BigDecimal> values) throws Exception {
        Map<String, Duration> covered = new TreeMap<>();
        for (String line : lines) {
            JsonNode record = Json.mapper().readTree(line);
            Instant begin = Instant.parse(record.path("begin").asText());
            String key = record.path("resource").asText() + " " + begin.truncatedTo(ChronoUnit.HOURS);
            assertThat(new BigDecimal(record.path("quantity").asText())).isEqualByComparingTo(values.get(key));
            covered.merge(
                    key,
                    Duration.between(begin, Instant.parse(record.path("end").asText())),
                    Duration::plus);
        }
        assertThat(covered.keySet()).isEqualTo(values.keySet());
        assertThat(covered.values()).allMatch(Duration.ofHours(1)::equals);
    }

    private static WindowReader reader(FakeGnocchi gnocchi) {
        GnocchiSettings settings = new GnocchiSettings(
                "gnocchi",
                GnocchiSettings.url(gnocchi.url()),
                "",
                Duration.ZERO,
                Duration.ofDays(1),
                Duration.ZERO,
                100_000,
                1_000,
                Duration.ofDays(1),
                Duration.ofHours(3),
                null,
                Duration.ofSeconds(30),
                1 << 24,
                Duration.ofSeconds(1));
        GnocchiHttp http = new GnocchiHttp(settings, GnocchiLogin.basic("admin", ""), () -> false);
        return new WindowReader(new GnocchiClient(http, settings), settings, METERS);
    }

    private static List<String> read(WindowReader reader, Window window) throws Exception {
        GnocchiUsage usage = reader.read(window).usage();
        List<String> lines = new ArrayList<>();
        while (usage.next()) {
            lines.add(StandardCharsets.UTF_8.decode(usage.value()).toString());
        }
        return lines;
    }

    private static Instant hour(int number) {
        return BEGIN.plus(Duration.ofHours(number));
    }
}
