package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.caravan.common.Decimals;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.Meter;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.junit.jupiter.api.Test;

/**
 * Two years of a ledger, a day at a time, on a clock that is moved: a leap day, a price change, a tenant that comes and one
 * that leaves, usage that is up to 400 days late, a credit note.
 */
class YearTest {
    private static final LocalDate FIRST = LocalDate.of(2027, 1, 1);
    private static final LocalDate LAST = LocalDate.of(2028, 12, 31);
    private static final LocalDate PRICE_CHANGE = LocalDate.of(2027, 7, 1);
    private static final BigDecimal OLD_PRICE = new BigDecimal("0.0500");
    private static final BigDecimal NEW_PRICE = new BigDecimal("0.0611");
    private static final int TENANTS = 8;
    private static final int RESOURCES = 2;
    private static final int LATE = 200;
    private static final int MOST_DAYS_LATE = 400;
    private static final int STAYS_AWAY = 3;
    private static final LocalDate LEAVES = LocalDate.of(2027, 8, 17);
    private static final int COMES = 5;
    private static final LocalDate JOINS = LocalDate.of(2027, 5, 10);
    private static final int CLOSING_DAY = 3;
    private static final long SEED = 20280229;

    private final TestLedger test = TestLedger.invoicing();
    private final Ledger ledger = new Ledger(test.dataSource, LedgerSettings.defaults(), test.clock);
    private final ModuleChain rater = new ModuleChain(new TariffHolder(Tariff.compile(tariff())));
    private final Map<List<String>, UsageKey> keys = new HashMap<>();

    /** What each tenant's documents have to come to, by billing month. */
    private final Map<String, TreeMap<YearMonth, BigDecimal>> expected = new TreeMap<>();

    private final Map<String, YearMonth> closedThrough = new HashMap<>();
    private long position;

    private record Late(String tenant, int number, Instant begin, LocalDate told) {}

    @Test
    void twoYearsOfMonthsComeToWhatWasUsedAndNothingElse() throws Exception {
        // given
        List<Late> late = late(new Random(SEED));
        Closer closer = test.closer();
        int adjustments = 0;
        // when: every day the day before is read, with what is told late; months close on the third
        for (LocalDate day = FIRST.plusDays(1);
                !day.isAfter(LAST.plusDays(MOST_DAYS_LATE + 40));
                day = day.plusDays(1)) {
            test.clock.moveTo(day + "T06:00:00Z");
            UsageBatch batch = new UsageBatch(512);
            if (!day.minusDays(1).isAfter(LAST)) {
                addDay(batch, day.minusDays(1));
            }
            for (Late one : late) {
                if (one.told().equals(day)) {
                    adjustments += add(batch, one.tenant(), "late-" + one.number(), one.begin()) ? 1 : 0;
                }
            }
            commit(batch);
            if (day.getDayOfMonth() == CLOSING_DAY) {
                close(closer);
            }
        }
        // then: every month of every tenant is the oracle's to the last digit, closed, and in order
        assertThat(adjustments).as("usage that came after its month was closed").isGreaterThan(LATE / 2);
        assertThat(documents("invoice")).isEqualTo(oracle());
        assertThat(test.rows("select count(*) from entry e where not exists (select from month m"
                        + " where m.tenant = e.tenant and m.month = e.billing_month and m.state = 'closed')"))
                .containsExactly("0");
        assertThat(test.rows("select count(*) from document where account = 'tenant-3' and month > '2027-09-01'"))
                .as("documents of adjustments alone, after the tenant left")
                .noneMatch("0"::equals);
        // when: one invoice of long ago is credited
        IssuedDocument invoice = new Documents(test.dataSource)
                .ofMonth(YearMonth.of(2027, 4)).stream()
                        .filter(document -> document.account().equals("tenant-1"))
                        .findFirst()
                        .orElseThrow();
        Credit credit = new Credits(test.dataSource, CloseSettings.defaults(), test.clock)
                .credit(new CreditOrder(invoice.number(), null, "the cloud was down"));
        // then: it takes back exactly what was invoiced, and the books still hold
        assertThat(credit.note().total()).isEqualByComparingTo(invoice.total().negate());
        assertThat(Audit.run(test.dataSource))
                .allSatisfy(
                        check -> assertThat(check.findings()).as(check.name()).isEmpty());
    }

    /** Usage that nobody tells of on its day. Its resources are its own, so that it conflicts with nothing. */
    private static List<Late> late(Random random) {
        List<Late> late = new ArrayList<>();
        for (int i = 0; i < LATE; i++) {
            LocalDate day = FIRST.plusDays(random.nextInt((int) ChronoUnit.DAYS.between(FIRST, LAST) + 1));
            Instant begin = hour(day, random.nextInt(24));
            // the last of them as late as can be, by a tenant that has left
            boolean latest = i == LATE - 1;
            late.add(new Late(
                    "tenant-" + (latest ? STAYS_AWAY : random.nextInt(TENANTS)),
                    i,
                    latest ? hour(LEAVES, 5) : begin,
                    (latest ? LEAVES : day)
                            .plusDays(latest ? MOST_DAYS_LATE : 2 + random.nextInt(MOST_DAYS_LATE - 1))));
        }
        return late;
    }

    private void addDay(UsageBatch batch, LocalDate day) {
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            if (tenant == STAYS_AWAY && !day.isBefore(LEAVES) || tenant == COMES && day.isBefore(JOINS)) {
                continue;
            }
            for (int resource = 0; resource < RESOURCES; resource++) {
                for (int hour = 0; hour < 24; hour++) {
                    add(batch, "tenant-" + tenant, "vm-" + resource, hour(day, hour));
                }
            }
        }
    }

    /**
     * Adds an hour of usage to the batch and to what the oracle expects.
     *
     * @return true if its month was closed before
     */
    private boolean add(UsageBatch batch, String tenant, String resource, Instant begin) {
        UsageKey key = keys.computeIfAbsent(
                List.of(tenant, resource),
                k -> new UsageKey(
                        UsageKey.DEFAULT_REALM,
                        tenant,
                        "north",
                        resource,
                        Meter.unlisted("instance"),
                        "hour",
                        Map.of(),
                        "instance",
                        ""));
        BigDecimal quantity = BigDecimal.valueOf(
                (begin.getEpochSecond() / 3600 * 31 + tenant.hashCode() * 7L + resource.hashCode()) % 997 + 1_000, 3);
        batch.add(key, quantity, micros(begin), micros(begin.plus(Duration.ofHours(1))), batch.size() + position);
        LocalDate day = LocalDate.ofInstant(begin, ZoneOffset.UTC);
        YearMonth month = YearMonth.from(day);
        YearMonth closed = closedThrough.get(tenant);
        boolean late = closed != null && !month.isAfter(closed);
        expected.computeIfAbsent(tenant, t -> new TreeMap<>())
                .merge(
                        late ? closed.plusMonths(1) : month,
                        quantity.multiply(day.isBefore(PRICE_CHANGE) ? OLD_PRICE : NEW_PRICE),
                        BigDecimal::add);
        return late;
    }

    private void commit(UsageBatch batch) throws SQLException {
        if (batch.size() == 0) {
            return;
        }
        batch.setPositions(List.of(new PositionRange("year", "only", position, position + batch.size(), false)));
        position += batch.size();
        rater.rate(batch);
        CommitResult result = ledger.commit(batch);
        assertThat(result.accepted()).isEqualTo(batch.size());
    }

    /** Closes what is over, as the hub does by itself, and lets the oracle know. */
    private void close(Closer closer) throws SQLException {
        for (CloseResult result : closer.closeDue()) {
            assertThat(result.held()).isEmpty();
            for (IssuedDocument document : result.issued()) {
                YearMonth before = closedThrough.put(document.account(), document.month());
                assertThat(before == null || before.isBefore(document.month())).isTrue();
            }
        }
    }

    private Map<String, String> documents(String kind) throws SQLException {
        Map<String, String> documents = new TreeMap<>();
        for (String row :
                test.rows("select account, to_char(month, 'YYYY-MM'), exact, sequence from document where kind = '"
                        + kind + "'")) {
            String[] columns = row.split(" ");
            assertThat(columns[3]).isEqualTo("1");
            documents.put(columns[0] + " " + columns[1], Decimals.plain(new BigDecimal(columns[2])));
        }
        return documents;
    }

    private Map<String, String> oracle() {
        Map<String, String> all = new TreeMap<>();
        expected.forEach((tenant, months) ->
                months.forEach((month, amount) -> all.put(tenant + " " + month, Decimals.plain(amount))));
        return all;
    }

    private static RuleSet tariff() {
        Instant change = PRICE_CHANGE.atStartOfDay(ZoneOffset.UTC).toInstant();
        return new RuleSet(
                List.of(new RuleSet.Service("instance", List.of())),
                List.of(),
                List.of(
                        new Mapping("instance", null, null, RuleType.FLAT, OLD_PRICE, null, null, null, change, false),
                        new Mapping("instance", null, null, RuleType.FLAT, NEW_PRICE, null, null, change, null, false)),
                List.of());
    }

    private static Instant hour(LocalDate day, int hour) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(Duration.ofHours(hour));
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000;
    }
}
