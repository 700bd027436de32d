package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.metering.Meter;
import org.caravan.metering.PositionRange;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.testing.Batches;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);

    private final DataSource database = Database.fresh();
    private final Batches batches = new Batches();
    private Ledger ledger;

    @BeforeEach
    void begin() {
        LedgerSchema.identify(database, "test", "NZD", false);
        ledger = newLedger();
    }

    private Ledger newLedger() {
        return new Ledger(database, LedgerSettings.defaults(), Clock.systemUTC());
    }

    @Test
    void contiguousUsageOfADayIsOneEntryWithExactSums() throws Exception {
        // given
        for (int hour = 0; hour < 24; hour++) {
            batches.usage("a", "vm1", "instance", "0.123", "0.0481", at(hour), 1);
        }
        // when
        CommitResult result = ledger.commit(batches.build());
        // then
        assertThat(result.accepted()).isEqualTo(24);
        assertThat(rows("select records, quantity, amount, seconds, usage_day, billing_month, kind from entry"))
                .containsExactly("24 2.952 0.1419912 86400 2026-10-01 2026-10-01 1");
    }

    @Test
    void theSameRecordsAgainAreDuplicatesAndBillNothing() throws Exception {
        // given
        ledger.commit(month("0.5").build());
        // when: again in one piece, by a ledger that remembers and by one that must read
        CommitResult remembered = ledger.commit(month("0.5").build());
        CommitResult read = newLedger()
                .commit(new Batches()
                        .usage("a", "vm1", "instance", "0.50", "1", at(3), 1)
                        .usage("a", "vm2", "instance", "0.5", "1", at(900), 1)
                        .build());
        // then
        assertThat(remembered.duplicate()).isEqualTo(48);
        assertThat(remembered.accepted()).isZero();
        assertThat(read.duplicate()).isEqualTo(1);
        assertThat(read.accepted()).isEqualTo(1);
        assertThat(rows("select sum(records), sum(quantity) from entry where usage_day < '2026-11-01'"))
                .containsExactly("48 24.0");
    }

    @Test
    void aRecordTwiceInOneBatchIsBilledOnce() throws Exception {
        // given
        UsageBatch batch = batches.usage("a", "vm1", "instance", "1", "1", at(0), 1)
                .usage("a", "vm1", "instance", "1", "1", at(1), 1)
                .usage("a", "vm1", "instance", "1.0", "1", at(0), 1)
                .build();
        // when
        CommitResult result = ledger.commit(batch);
        // then
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.duplicate()).isEqualTo(1);
        assertThat(result.conflict()).isZero();
    }

    @Test
    void otherContentForBilledTimeIsAConflictThatShowsWhatWasBilled() throws Exception {
        // given
        ledger.commit(batches.usage("a", "vm1", "instance", "1", "1", at(0), 2).build());
        // when: another quantity; a part of the time; other metadata
        CommitResult result = ledger.commit(batches.usage("a", "vm1", "instance", "2", "1", at(0), 2)
                .usage("a", "vm1", "instance", "1", "1", at(1), 4)
                .usage(
                        batches.key("a", "vm1", "instance", Map.of("flavor", "x"), Meter.Identity.INTERVAL),
                        "1",
                        "1",
                        at(0),
                        2)
                .build());
        // then
        assertThat(result.conflict()).isEqualTo(3);
        assertThat(rows("select kind, billed from quarantine"))
                .hasSize(3)
                .allSatisfy(row -> assertThat(row).contains("conflict").contains("\"quantity\":\"1\""));
        assertThat(rows("select sum(quantity) from entry")).containsExactly("1");
    }

    @Test
    void aBatchWhoseAnswerWasLostIsCommittedOnce() throws Exception {
        // given
        PositionRange range = new PositionRange("files", "k", 0, 3, true);
        UsageBatch batch = month3().build(range);
        ledger.commit(batch);
        // when
        CommitResult again = ledger.commit(month3().build(range));
        // then
        assertThat(again.batch()).isZero();
        assertThat(again.skipped()).isEqualTo(3);
        assertThat(rows("select count(*) from batch")).containsExactly("1");
        assertThat(new LedgerReader(database).isDone("files", "k")).isTrue();
    }

    @Test
    void aBatchCutElsewhereGoesOnAtThePosition() throws Exception {
        // given: the first two of three records are committed
        ledger.commit(batches.usage("a", "vm1", "instance", "1", "1", at(0), 1)
                .usage("a", "vm1", "instance", "1", "1", at(1), 1)
                .build(new PositionRange("files", "k", 0, 2, false)));
        // when
        CommitResult rest = ledger.commit(month3().build(new PositionRange("files", "k", 0, 3, true)));
        // then
        assertThat(rest.skipped()).isEqualTo(2);
        assertThat(rest.accepted()).isEqualTo(1);
        assertThat(rest.duplicate()).isZero();
        assertThat(new LedgerReader(database).counts("files", "k", OCTOBER))
                .isEqualTo(new RecordCounts(3, 3, 0, 0, 0, 0, 0));
    }

    @Test
    void aSkippedBatchIsNoticed() throws Exception {
        // given
        ledger.commit(month3().build(new PositionRange("topic", "0", 0, 3, false)));
        // when, then
        assertThatThrownBy(() -> ledger.commit(month3().build(new PositionRange("topic", "0", 5, 8, false))))
                .hasMessageContaining("stands at 3")
                .hasMessageContaining("begins at 5");
    }

    @Test
    void aFailedCommitLeavesNothingAndTheNextTryBillsAll() throws Exception {
        // given: the first commit of the batch dies in COPY, after memory was changed
        execute("create function boom() returns trigger language plpgsql as $$ begin raise 'boom'; end $$");
        LedgerSchema.ensureMonth(database, OCTOBER);
        execute("create trigger boom before insert on entry_2026_10 for each row execute function boom()");
        UsageBatch batch = month("0.25").build();
        assertThatThrownBy(() -> ledger.commit(batch)).isInstanceOf(SQLException.class);
        execute("drop trigger boom on entry_2026_10");
        // when
        CommitResult result = ledger.commit(batch);
        // then
        assertThat(result.accepted()).isEqualTo(48);
        assertThat(rows("select sum(records), count(distinct batch) from entry"))
                .containsExactly("48 1");
        assertThat(rows("select count(*) from term where value in ('vm1', 'vm2')"))
                .containsExactly("2");
    }

    @Test
    void usageOfAClosedMonthBecomesAnAdjustmentOfTheNextOpenOne() throws Exception {
        // given
        ledger.commit(month3().build());
        close("a", OCTOBER);
        close("a", OCTOBER.plusMonths(1));
        // when
        CommitResult late = ledger.commit(
                batches.usage("a", "vm9", "instance", "7", "1", at(5), 1).build());
        // then
        assertThat(late.accepted()).isEqualTo(1);
        assertThat(rows("select billing_month, usage_day, kind, quantity from entry where quantity = 7"))
                .containsExactly("2026-12-01 2026-10-01 3 7");
    }

    @Test
    void usageOfAMonthBeforeTheLastClosedOneGoesToTheOldestOpenOneThoughItsOwnWasNeverClosed() throws Exception {
        // given
        ledger.commit(month3().build());
        close("a", OCTOBER.plusMonths(1));
        // when: of October, of November and of December
        ledger.commit(batches.usage("a", "vm9", "instance", "7", "1", at(5), 1)
                .usage("a", "vm9", "instance", "8", "1", "2026-11-30T23:00:00Z", 1)
                .usage("a", "vm9", "instance", "9", "1", "2026-12-01T00:00:00Z", 1)
                .build());
        // then
        assertThat(rows("select quantity, billing_month, usage_day, kind from entry where resource ="
                        + " (select id from term where value = 'vm9') order by quantity"))
                .containsExactly("7 2026-12-01 2026-10-01 3", "8 2026-12-01 2026-11-30 3", "9 2026-12-01 2026-12-01 1");
    }

    @Test
    void usageOfTheLeapDayAndFourHundredDaysLateFindsItsPlace() throws Exception {
        // given
        ledger.commit(batches.usage("a", "vm1", "instance", "1", "1", "2028-02-29T23:00:00Z", 1)
                .usage("a", "vm1", "instance", "2", "1", "2028-03-01T00:00:00Z", 1)
                .build());
        close("a", YearMonth.of(2028, 2));
        close("a", YearMonth.of(2029, 3));
        // when
        ledger.commit(batches.usage("a", "vm2", "instance", "3", "1", "2028-02-29T23:00:00Z", 1)
                .usage("b", "vm2", "instance", "4", "1", "2028-02-29T23:00:00Z", 1)
                .build());
        // then: a tenant without a closed month is billed where it was used
        assertThat(rows("select quantity, billing_month, usage_day, kind from entry order by quantity"))
                .containsExactly(
                        "1 2028-02-01 2028-02-29 1",
                        "2 2028-03-01 2028-03-01 1",
                        "3 2029-04-01 2028-02-29 3",
                        "4 2028-02-01 2028-02-29 1");
    }

    @Test
    void twoLedgersOfOneDatabaseSeeEachOthersTime() throws Exception {
        // given: both have the bucket in memory
        Ledger other = newLedger();
        ledger.commit(batches.usage("a", "vm1", "instance", "1", "1", at(0), 1).build());
        other.commit(batches.usage("a", "vm1", "instance", "1", "1", at(1), 1).build());
        // when
        CommitResult overlap = ledger.commit(
                batches.usage("a", "vm1", "instance", "9", "1", at(1), 1).build());
        CommitResult same = ledger.commit(
                batches.usage("a", "vm1", "instance", "1", "1", at(1), 1).build());
        CommitResult next = ledger.commit(
                batches.usage("a", "vm1", "instance", "1", "1", at(2), 1).build());
        // then
        assertThat(overlap.conflict()).isEqualTo(1);
        assertThat(same.duplicate()).isEqualTo(1);
        assertThat(next.accepted()).isEqualTo(1);
    }

    @Test
    void anEventIsBilledOnceForItsIdWhateverItsTime() throws Exception {
        // given
        var call = batches.key("a", "api", "call", Map.of(), Meter.Identity.EVENT);
        ledger.commit(batches.usage(call, "1", "0.5", at(0), 1).id("e1").build());
        // when: two more at the same time, one known, one known with other content, one twice in the batch
        CommitResult result = newLedger()
                .commit(batches.usage(call, "1", "0.5", at(0), 1)
                        .id("e2")
                        .usage(call, "1", "0.5", at(0), 1)
                        .id("e1")
                        .usage(call, "3", "0.5", at(0), 1)
                        .id("e1")
                        .usage(call, "1", "0.5", at(0), 1)
                        .id("e2")
                        .build());
        // then
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.duplicate()).isEqualTo(2);
        assertThat(result.conflict()).isEqualTo(1);
        assertThat(rows("select sum(quantity), sum(amount) from entry")).containsExactly("2 1.0");
    }

    @Test
    void unusableRecordsGoToQuarantineWithTheBatch() throws Exception {
        // given
        UsageBatch batch = batches.usage("a", "vm1", "instance", "1", "1", at(0), 1)
                .build(new PositionRange("files", "k", 0, 9, true));
        batch.rejectUnread(new Rejected(7, 0, "bad\0number", "a,b\0c", "caravan-csv", "id,tenant"));
        batch.reject(0, "can't be rated");
        // when
        CommitResult result = ledger.commit(batch);
        // then
        assertThat(result.quarantined()).isEqualTo(2);
        assertThat(result.accepted()).isZero();
        List<QuarantineEntry> held = new LedgerReader(database).quarantine("files", "k", 10);
        assertThat(held).extracting(QuarantineEntry::position).containsExactly(0L, 7L);
        assertThat(held.get(1).raw()).isEqualTo("a,b\ufffdc");
        assertThat(held.get(0).raw()).contains("\"tenant\":\"a\"");
    }

    @Test
    void aMonthReadsTheSameBeforeAndAfterRollUp() throws Exception {
        // given
        ledger.commit(month("0.25").build());
        ledger.commit(batches.usage("b", "vm1", "instance", "1", "2", at(0), 1).build());
        List<TenantMonth> before = read();
        // when
        assertThat(RollUp.run(database)).isEqualTo(2);
        assertThat(RollUp.run(database)).isZero();
        // then
        assertThat(read()).isEqualTo(before);
        assertThat(before).hasSize(2);
        assertThat(before.get(0).sums()).hasSize(2).allSatisfy(sum -> {
            assertThat(sum.quantity()).isEqualByComparingTo("6");
            assertThat(sum.amount()).isEqualByComparingTo("6");
            assertThat(sum.unitPrice()).isEqualByComparingTo(BigDecimal.ONE);
            assertThat(sum.seconds()).isEqualByComparingTo("86400");
        });
        // and more usage counts on top of what is rolled up
        ledger.commit(batches.usage("b", "vm1", "instance", "1", "2", at(1), 1).build());
        assertThat(read().get(1).sums().get(0).quantity()).isEqualByComparingTo("2");
    }

    @Test
    void aClosedMonthIsNotReadAgain() throws Exception {
        // given
        ledger.commit(month("0.25").build());
        // when
        close("a", OCTOBER);
        // then
        assertThat(read()).isEmpty();
    }

    @Test
    void whatIsToldOfAResourceIsKeptByTime() throws Exception {
        // given
        var small = batches.key("a", "vm1", "instance", Map.of("flavor", "small"), Meter.Identity.INTERVAL);
        var large = batches.key("a", "vm1", "instance", Map.of("flavor", "large"), Meter.Identity.INTERVAL);
        // when
        ledger.commit(batches.usage(small, "1", "1", at(0), 1)
                .usage(small, "1", "1", at(1), 1)
                .usage(large, "1", "1", at(2), 1)
                .build());
        newLedger().commit(batches.usage(large, "1", "1", at(3), 1).build());
        // then
        assertThat(rows("select metadata from resource order by since"))
                .containsExactly("{\"flavor\":\"small\"}", "{\"flavor\":\"large\"}");
        assertThat(read().get(0).resources())
                .containsExactly(new ResourceInfo("dc1", "vm1", "instance", "{\"flavor\":\"large\"}"));
    }

    @Test
    void aRecordOfNobodyIsNotBilled() throws Exception {
        // given
        UsageBatch batch = new UsageBatch(1);
        batch.add(
                new org.caravan.metering.UsageKey(
                        "default", null, "d", "r", Meter.unlisted("m"), "u", Map.of(), "m", ""),
                1,
                0,
                0,
                1,
                0);
        batch.startPricing();
        // when
        CommitResult result = ledger.commit(batch);
        // then
        assertThat(result.quarantined()).isEqualTo(1);
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private Batches month3() {
        for (int hour = 0; hour < 3; hour++) {
            batches.usage("a", "vm1", "instance", "1", "1", at(hour), 1);
        }
        return batches;
    }

    private Batches month(String quantity) {
        for (int hour = 0; hour < 24; hour++) {
            batches.usage("a", "vm1", "instance", quantity, "1", at(hour), 1);
            batches.usage("a", "vm2", "instance", quantity, "1", at(hour), 1);
        }
        return batches;
    }

    private static String at(int hour) {
        return Instant.parse("2026-10-01T00:00:00Z")
                .plus(Duration.ofHours(hour))
                .toString();
    }

    private List<TenantMonth> read() throws SQLException {
        List<TenantMonth> found = new ArrayList<>();
        new MonthReader(database).openTenants(OCTOBER, found::add);
        return found.stream()
                .map(t -> new TenantMonth(t.tenant(), t.month(), 0, t.sums(), t.resources()))
                .toList();
    }

    private void close(String tenant, YearMonth month) throws SQLException {
        try (Connection connection = database.getConnection()) {
            int id;
            try (Statement select = connection.createStatement();
                    ResultSet row = select.executeQuery("select id from tenant where name = '" + tenant + "'")) {
                row.next();
                id = row.getInt(1);
            }
            Instant now = Instant.parse("2026-11-02T00:00:00Z");
            assertThat(MonthStates.claim(connection, Set.of(id), month, "me", Duration.ofMinutes(1)))
                    .containsExactly(id);
            assertThat(MonthStates.close(connection, Collections.singletonMap(id, null), month, "me", now))
                    .isTrue();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    line.append(i == 1 ? "" : " ").append(row.getString(i));
                }
                found.add(line.toString());
            }
        }
        return found;
    }
}
