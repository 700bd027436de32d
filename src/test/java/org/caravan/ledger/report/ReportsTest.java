package org.caravan.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.caravan.invoice.rerate.Reprocessing;
import org.caravan.invoice.rerate.RerateSettings;
import org.caravan.invoice.rerate.Rerating;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.Outcome;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Reports of a ledger with usage of two months, late usage of closed months, corrections, re-ratings, part of it rolled up, against a
 * list of what must be billed, kept by the test itself.
 */
class ReportsTest {
    private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static final List<Aggregate> SUMS =
            List.of(Aggregate.sum(Aggregate.Measure.QTY, "qty"), Aggregate.sum(Aggregate.Measure.PRICE, "rate"));
    private static final List<String> FLAVORS = List.of("small", "large", "größe 'x'", "");

    private static final UsageLedger LEDGER = new UsageLedger();
    private static final List<One> BILLED = new ArrayList<>();
    private static Reports reports;

    /** A record that must be billed. */
    private record One(
            String tenant,
            String resource,
            String meter,
            BigDecimal quantity,
            BigDecimal amount,
            Instant begin,
            String flavor) {
        LocalDate day() {
            return begin.atOffset(ZoneOffset.UTC).toLocalDate();
        }
    }

    @BeforeAll
    static void fill() throws Exception {
        Random random = new Random(20261001);
        Map<List<Object>, One> billed = new LinkedHashMap<>();
        for (int batch = 0; batch < 12; batch++) {
            LEDGER.unitPrice = BigDecimal.valueOf(1 + random.nextInt(99_999), 1 + random.nextInt(9));
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                One one = random(random);
                if (billed.putIfAbsent(List.of(one.tenant, one.resource, one.meter, one.begin), one) == null) {
                    lines.add(line(one));
                }
            }
            assertThat(LEDGER.read(lines).accepted()).isEqualTo(lines.size());
            if (batch == 4) {
                LEDGER.close("a", YearMonth.of(2026, 10));
                LEDGER.close("b/ü", YearMonth.of(2026, 10));
                LEDGER.close("b/ü", YearMonth.of(2026, 11));
            }
            if (batch == 6 || batch == 11) {
                rerate(batch == 6 ? "0.0703" : "0.123456789", billed);
            }
            if (batch == 7) {
                LEDGER.rollUp();
            }
            if (batch % 3 == 2) {
                correct(random, billed);
            }
        }
        BILLED.addAll(billed.values());
        // and a cloud of another realm, whose tenant has the same name
        LEDGER.read(line(BILLED.get(0)).replace("{\"tenant\"", "{\"realm\":\"other\",\"tenant\""));
        reports = new Reports(LEDGER.database, ReportSettings.defaults());
    }

    /** Re-rates part of what two tenants used, in both months. */
    private static void rerate(String cost, Map<List<Object>, One> billed) throws Exception {
        Instant from = OCTOBER.plus(9, ChronoUnit.DAYS);
        Instant until = OCTOBER.plus(45, ChronoUnit.DAYS);
        String flat = "{mappings: [{type: flat, cost: \"" + cost + "\"}]}";
        TariffHolder tariff = new TariffHolder(Tariff.compile(TariffFile.parse(
                        "currency: NZD\nservices: {instance: " + flat + ", volume.size: " + flat + "}", "tariff.yaml")
                .ruleSet()));
        new Reprocessing(LEDGER.database, "default", UsageLedger.CLOCK)
                .order(new Reprocessing.Wanted(List.of("c", "d"), from, until, "new prices", "test"));
        assertThat(new Rerating(
                                LEDGER.database,
                                LedgerSettings.defaults(),
                                MeterCatalog.empty(),
                                tariff,
                                RerateSettings.defaults(),
                                UsageLedger.CLOCK)
                        .runDue(() -> false))
                .isOne();
        billed.replaceAll(
                (key, one) -> "cd".contains(one.tenant) && !one.begin.isBefore(from) && one.begin.isBefore(until)
                        ? new One(
                                one.tenant,
                                one.resource,
                                one.meter,
                                one.quantity,
                                one.quantity.multiply(new BigDecimal(cost)),
                                one.begin,
                                one.flavor)
                        : one);
    }

    private static void correct(Random random, Map<List<Object>, One> billed) throws Exception {
        for (int i = 0; i < 4; i++) {
            List<List<Object>> keys = new ArrayList<>(billed.keySet());
            List<Object> key = keys.get(random.nextInt(keys.size()));
            One old = billed.get(key);
            BigDecimal quantity = old.quantity.add(BigDecimal.ONE);
            One corrected = new One(
                    old.tenant,
                    old.resource,
                    old.meter,
                    quantity,
                    quantity.multiply(LEDGER.unitPrice),
                    old.begin,
                    FLAVORS.get(random.nextInt(FLAVORS.size())));
            LEDGER.read(line(corrected));
            assertThat(LEDGER.acceptLast().what()).isEqualTo(Outcome.What.BILLED);
            billed.put(key, corrected);
        }
    }

    private static One random(Random random) {
        BigDecimal quantity = BigDecimal.valueOf(random.nextInt(100_000), random.nextInt(5));
        return new One(
                List.of("a", "b/ü", "c", "d").get(random.nextInt(4)),
                "vm-" + random.nextInt(3),
                List.of("instance", "volume.size").get(random.nextInt(2)),
                quantity,
                quantity.multiply(LEDGER.unitPrice),
                OCTOBER.plus(random.nextInt(61 * 24), ChronoUnit.HOURS),
                FLAVORS.get(random.nextInt(FLAVORS.size())));
    }

    private static String line(One one) {
        return UsageLedger.line(
                one.tenant,
                one.resource,
                one.meter,
                one.quantity.toPlainString(),
                one.begin,
                one.begin.plusSeconds(3600),
                "\"flavor\":\"" + one.flavor + "\",\"host\":\"h" + one.resource + "\",\"n\":1");
    }

    // ---- what must come out ----------------------------------------------------------------------------------------

    private static Function<One, String> value(Field field) {
        return switch (field.kind()) {
            case TENANT -> One::tenant;
            case METER -> One::meter;
            case RESOURCE -> One::resource;
            case DATACENTER -> one -> "dc";
            case METADATA -> field.name().equals("flavor") ? One::flavor : one -> "";
            case DAY_OF_YEAR -> one -> String.valueOf(one.day().getDayOfYear());
            case WEEK_OF_YEAR -> one -> week(one.day());
            case MONTH -> one -> String.valueOf(one.day().getMonthValue());
            case YEAR -> one -> "2026";
            case HOUR -> one -> String.valueOf(one.begin.getEpochSecond());
        };
    }

    /** Counted day by day: a Sunday begins a week. */
    private static String week(LocalDate day) {
        int week = 0;
        for (LocalDate d = day.withDayOfYear(1); !d.isAfter(day); d = d.plusDays(1)) {
            week += d.getDayOfWeek() == java.time.DayOfWeek.SUNDAY ? 1 : 0;
        }
        return String.format("%02d", week);
    }

    private static Map<List<String>, String> expected(SummaryQuery query) {
        Predicate<One> wanted = one -> !one.begin.isBefore(query.begin()) && one.begin.isBefore(query.end());
        for (Filter filter : query.filters()) {
            wanted = wanted.and(
                    one -> filter.values().contains(value(filter.field()).apply(one)));
        }
        Map<List<String>, BigDecimal[]> sums = new HashMap<>();
        BILLED.stream().filter(wanted).forEach(one -> {
            List<String> group = query.groupBy().stream()
                    .map(field -> value(field).apply(one))
                    .toList();
            BigDecimal[] sum = sums.computeIfAbsent(group, g -> new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
            sum[0] = sum[0].add(one.quantity);
            sum[1] = sum[1].add(one.amount);
        });
        Map<List<String>, String> texts = new HashMap<>();
        sums.forEach((group, sum) -> texts.put(group, text(sum[0]) + " " + text(sum[1])));
        return texts;
    }

    private static String text(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static Map<List<String>, String> answered(SummaryQuery query) throws Exception {
        SummaryPage page = reports.summary(query);
        assertThat(page.total()).isEqualTo(page.rows().size());
        Map<List<String>, String> found = new HashMap<>();
        for (SummaryPage.Row row : page.rows()) {
            assertThat(found.put(
                            row.values(),
                            row.figures().get(0).toPlainString() + " "
                                    + row.figures().get(1).toPlainString()))
                    .as("a group stands once")
                    .isNull();
        }
        return found;
    }

    private static SummaryQuery query(Instant begin, Instant end, List<Field> groupBy, Filter... filters) {
        return new SummaryQuery("default", begin, end, groupBy, List.of(filters), SUMS, 0, 100_000);
    }

    // ---- tests -----------------------------------------------------------------------------------------------------

    @Test
    void sumsOfAllAreThoseOfTheEntriesToTheLastDigit() throws Exception {
        // given
        String entries = LEDGER.rows("select trim_scale(sum(quantity)), trim_scale(sum(amount)) from entry e"
                        + " join tenant t on t.id = e.tenant where t.realm = 'default'")
                .get(0);
        // when
        Map<List<String>, String> all = answered(query(OCTOBER, DECEMBER, List.of()));
        // then
        assertThat(all)
                .containsExactly(Map.entry(List.of(), entries))
                .isEqualTo(expected(query(OCTOBER, DECEMBER, List.of())));
        assertThat(LEDGER.rows("select distinct kind from entry order by 1")).contains("1", "2", "3", "41", "42");
        assertThat(LEDGER.rows("select distinct kind from rollup order by 1")).contains("1", "2", "3", "41");
        assertThat(LEDGER.rows("select count(*) > 0 from batch where rolled_at is null"))
                .containsExactly("t");
    }

    @Test
    void everyGroupingFilterAndWindowAgreesWithWhatIsBilled() throws Exception {
        // given
        Random random = new Random(7);
        List<Field> fields = List.of(
                Field.TENANT,
                Field.METER,
                Field.RESOURCE,
                Field.DATACENTER,
                Field.metadata("flavor"),
                Field.metadata("nothing"),
                Field.DAY_OF_YEAR,
                Field.WEEK_OF_YEAR,
                Field.MONTH,
                Field.YEAR,
                Field.HOUR);
        for (int i = 0; i < 60; i++) {
            List<Field> groupBy = new ArrayList<>();
            for (Field field : fields) {
                if (random.nextInt(4) == 0) {
                    groupBy.add(field);
                }
            }
            java.util.Collections.shuffle(groupBy, random);
            Instant begin = OCTOBER.plus(random.nextInt(40), ChronoUnit.DAYS);
            Instant end = begin.plus(random.nextInt(21), ChronoUnit.DAYS);
            if (random.nextInt(3) == 0) {
                begin = begin.plus(random.nextInt(24 * 60), ChronoUnit.MINUTES);
                end = end.plus(random.nextInt(24 * 60), ChronoUnit.MINUTES);
            }
            List<Filter> filters = new ArrayList<>();
            for (Field field : fields.subList(0, 10)) {
                if (random.nextInt(6) == 0) {
                    filters.add(new Filter(field, values(field, random)));
                }
            }
            SummaryQuery query = query(begin, end, groupBy, filters.toArray(Filter[]::new));
            // when / then
            assertThat(answered(query)).as("%s", query).isEqualTo(expected(query));
        }
    }

    private static java.util.Set<String> values(Field field, Random random) {
        java.util.Set<String> values = new java.util.HashSet<>();
        values.add("no such value");
        for (int i = random.nextInt(3); i >= 0; i--) {
            values.add(value(field).apply(BILLED.get(random.nextInt(BILLED.size()))));
        }
        return values;
    }

    @Test
    void pagesFollowEachOtherInOneOrderHoweverTheSumsWereFound() throws Exception {
        for (List<Field> groupBy : List.of(
                List.of(Field.DAY_OF_YEAR, Field.TENANT, Field.metadata("flavor")),
                List.of(Field.metadata("flavor"), Field.HOUR))) {
            // given
            SummaryQuery all = query(OCTOBER, OCTOBER.plus(31, ChronoUnit.DAYS), groupBy);
            List<SummaryPage.Row> whole = reports.summary(all).rows();
            // when
            List<SummaryPage.Row> paged = new ArrayList<>();
            for (int offset = 0; offset <= whole.size(); offset += 37) {
                SummaryPage page = reports.summary(
                        new SummaryQuery("default", all.begin(), all.end(), groupBy, List.of(), SUMS, offset, 37));
                assertThat(page.total()).isEqualTo(whole.size());
                paged.addAll(page.rows());
            }
            // then
            assertThat(paged).isEqualTo(whole);
            assertThat(whole).hasSizeGreaterThan(40);
            // and a window that ends within a day has the same order
            List<List<String>> values =
                    whole.stream().map(SummaryPage.Row::values).toList();
            assertThat(reports.summary(query(OCTOBER, all.end().minusSeconds(1), groupBy)).rows().stream()
                            .map(SummaryPage.Row::values))
                    .isEqualTo(values);
        }
        // and a page behind the last one still says how many there are
        SummaryPage behind = reports.summary(
                new SummaryQuery("default", OCTOBER, DECEMBER, List.of(Field.TENANT), List.of(), SUMS, 1_000, 10));
        assertThat(behind.rows()).isEmpty();
        assertThat(behind.total()).isEqualTo(4);
    }

    @Test
    void figuresOfSingleRecordsAreThoseOfTheRecords() throws Exception {
        // given
        Map<String, List<One>> byTenant = new TreeMap<>();
        Instant end = OCTOBER.plus(31, ChronoUnit.DAYS);
        BILLED.stream().filter(one -> one.begin.isBefore(end)).forEach(one -> byTenant.computeIfAbsent(
                        one.tenant, t -> new ArrayList<>())
                .add(one));
        List<Aggregate> figures = List.of(
                new Aggregate(Aggregate.Function.MIN, Aggregate.Measure.QTY, "a"),
                new Aggregate(Aggregate.Function.MAX, Aggregate.Measure.PRICE, "b"),
                new Aggregate(Aggregate.Function.COUNT, Aggregate.Measure.QTY, "c"),
                new Aggregate(Aggregate.Function.AVG, Aggregate.Measure.PRICE, "d"));
        // when
        SummaryPage page = reports.summary(
                new SummaryQuery("default", OCTOBER, end, List.of(Field.TENANT), List.of(), figures, 0, 100));
        SummaryPage fromDays = reports.summary(new SummaryQuery(
                "default", OCTOBER, end, List.of(Field.TENANT), List.of(), figures.subList(2, 4), 0, 100));
        // then
        assertThat(page.rows()).hasSize(byTenant.size());
        for (SummaryPage.Row row : page.rows()) {
            List<One> ones = byTenant.get(row.values().get(0));
            assertThat(row.figures().get(0))
                    .isEqualByComparingTo(ones.stream()
                            .map(One::quantity)
                            .reduce(BigDecimal::min)
                            .orElseThrow());
            assertThat(row.figures().get(1))
                    .isEqualByComparingTo(ones.stream()
                            .map(One::amount)
                            .reduce(BigDecimal::max)
                            .orElseThrow());
            assertThat(row.figures().get(2)).isEqualByComparingTo(new BigDecimal(ones.size()));
        }
        assertThat(fromDays.rows().stream().map(SummaryPage.Row::figures))
                .isEqualTo(page.rows().stream()
                        .map(row -> row.figures().subList(2, 4))
                        .toList());
    }

    @Test
    void recordsAreWhatIsBilledNowAndTheirPagesTogetherAreAll() throws Exception {
        // given
        Instant end = OCTOBER.plus(31, ChronoUnit.DAYS);
        List<String> wanted = BILLED.stream()
                .filter(one -> one.begin.isBefore(end) && !one.tenant.equals("b/ü"))
                .map(one ->
                        one.resource + one.meter + one.begin + text(one.quantity) + " " + text(one.amount) + one.flavor)
                .sorted()
                .toList();
        // when
        List<String> found = new ArrayList<>();
        RecordPage page;
        do {
            page = reports.records(new RecordQuery(
                    "default", OCTOBER, end, List.of(Filter.of(Field.TENANT, "a", "c", "d")), found.size(), 97));
            page.records()
                    .forEach(billed -> found.add(billed.record().resource()
                            + billed.record().meter()
                            + billed.record().begin() + text(billed.record().quantity()) + " " + text(billed.amount())
                            + billed.record().metadata().get("flavor")));
        } while (!page.records().isEmpty());
        // then
        assertThat(page.total()).isEqualTo(wanted.size());
        assertThat(found.stream().sorted()).isEqualTo(wanted);
    }
}
