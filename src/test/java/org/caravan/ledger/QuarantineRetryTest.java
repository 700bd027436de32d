package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.caravan.ledger.HeldUsage.line;

import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.caravan.common.UserError;
import org.caravan.invoice.Audit;
import org.caravan.ledger.Outcome.What;
import org.caravan.metering.MeterCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuarantineRetryTest {
    private static final String HEADER = "tenant,datacenter,resource,meter,begin,end,unit,quantity";

    private final HeldUsage usage = new HeldUsage();

    @AfterEach
    void theLedgerHoldsTogether() throws Exception {
        assertThat(Audit.run(usage.database))
                .allSatisfy(
                        check -> assertThat(check.findings()).as(check.name()).isEmpty());
    }

    @Test
    void whatAnUnusableRecordSaysIsKeptBesideIt() throws Exception {
        // given
        usage.readCsv(
                HEADER,
                csv("vm", 0, "x"),
                csv("vm", 0, "1").replace("2026-10-01T01", "2026-09-01T01"),
                "a,b",
                ",dc,vm,instance,never,2026-10-01T01:00:00Z,hour,1");
        // when
        List<QuarantineEntry> held = usage.quarantine.list(QuarantineFilter.held(), 0, 10);
        // then
        assertThat(held)
                .extracting(QuarantineEntry::tenant, QuarantineEntry::usageMonth, QuarantineEntry::complete)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", YearMonth.of(2026, 10), true),
                        org.assertj.core.groups.Tuple.tuple("a", YearMonth.of(2026, 10), true),
                        org.assertj.core.groups.Tuple.tuple(null, null, true),
                        org.assertj.core.groups.Tuple.tuple(null, null, true));
    }

    @Test
    void aRecordIsReadAndRatedAgainUnderTodaysMetersAndPrices() throws Exception {
        // given: a unit that does not convert, until the meter says how
        CommitResult result = usage.readCsv(
                HEADER,
                csv("d1", 0, "1024").replace("instance", "disk"),
                csv("d2", 0, "3").replace("instance", "disk"));
        assertThat(result.quarantined()).isEqualTo(2);
        assertThat(usage.retry().retry(List.of(1L, 2L)))
                .extracting(Outcome::what)
                .containsOnly(What.HELD);
        assertThat(usage.rows("select count(*) from batch where source = 'quarantine'"))
                .containsExactly("0");
        usage.meters = MeterCatalog.parse("meters: {disk: {unit: GiB-hour, factor: 1/1024}}", "meters.yaml");
        usage.unitPrice = new BigDecimal("2");
        // when
        List<Outcome> outcomes = usage.retry().retry(List.of(1L, 2L, 3L));
        // then: in one batch
        assertThat(outcomes).extracting(Outcome::what).containsExactly(What.BILLED, What.BILLED);
        assertThat(usage.billed()).isEqualTo("1.0029296875 2.005859375");
        assertThat(usage.rows("select source, records, accepted from batch where accepted > 0"))
                .containsExactly("quarantine 2 2");
        assertThat(usage.rows("select distinct kind from entry")).containsExactly("1");
        assertThat(usage.retry().retry(List.of(1L))).extracting(Outcome::what).containsExactly(What.DECIDED);
    }

    @Test
    void eachRecordOfARetryEndsForItself() throws Exception {
        // given: four events without id, of a meter that turns out to be told apart by time
        usage.read(
                line("a", "r1", "call", "1", null, 0, 1),
                line("a", "r2", "call", "1", null, 0, 1),
                line("a", "r3", "call", "1", null, 0, 1),
                line("a", "r4", "call", "1", null, 0, 1).replace("\"dc\"", "\"\""),
                "{\"meter\":\"call\"}");
        usage.meters = MeterCatalog.empty();
        usage.read(line("a", "r2", "call", "1", null, 0, 1), line("a", "r3", "call", "7", null, 0, 1));
        // when
        List<Outcome> outcomes = usage.otherHubWith(usage.meters).retry().retry(usage.heldIds());
        // then
        assertThat(outcomes)
                .extracting(Outcome::what)
                .containsExactly(What.BILLED, What.DUPLICATE, What.HELD, What.BILLED, What.HELD);
        assertThat(usage.rows("select id, state, kind, amount, billed_amount, note from quarantine order by id"))
                .containsExactly(
                        "1 retried unusable null null billed",
                        "2 retried unusable null null was billed already, just so: nothing was billed again",
                        "3 held conflict 0.0481 0.3367 null",
                        "4 retried unusable null null billed",
                        "5 held unusable null null null");
        assertThat(usage.rows("select reason from quarantine where id = 3").get(0))
                .contains("billed already as 7 hour from 2026-10-01T00:00:00Z");
        // and: what turned out to be a conflict can be accepted as it came
        assertThat(usage.retry().accept(3).what()).isEqualTo(What.BILLED);
        assertThat(usage.billed()).isEqualTo("4 0.1924");
    }

    @Test
    void aConflictThatIsTriedAgainIsDecidedAnew() throws Exception {
        // given: [0,2) billed; [1,2) was set aside, then [0,2) gave way to [0,1)
        usage.read(line("vm", "2", 0, 2));
        usage.read(line("vm", "9", 1, 1));
        usage.read(line("vm", "5", 0, 1));
        assertThat(usage.retry().retry(List.of(1L))).extracting(Outcome::what).containsExactly(What.HELD);
        usage.retry().accept(2);
        // when
        List<Outcome> outcomes = usage.retry().retry(List.of(1L));
        // then
        assertThat(outcomes).extracting(Outcome::what).containsExactly(What.BILLED);
        assertThat(usage.billed()).isEqualTo("14 0.6734");
    }

    @Test
    void lateUsageOfAClosedMonthIsAnAdjustment() throws Exception {
        // given
        usage.read(line("vm", "1", 0, 1), line("vm", "x", 1, 1));
        usage.close("a", YearMonth.of(2026, 10));
        usage.execute("update quarantine set raw = replace(raw, '\"x\"', '\"3\"')");
        // when
        usage.retry().retry(List.of(1L));
        // then
        assertThat(usage.rows("select kind, billing_month, usage_day from entry where quantity = 3"))
                .containsExactly("3 2026-11-01 2026-10-01");
        usage.execute("update month set state = 'open'");
    }

    @Test
    void aTextThatWasCutIsNeverReadAgain() throws Exception {
        // given: the quantity stands last, so that a cut text would be another quantity
        usage.settings = new LedgerSettings(1_000, 4, Duration.ofSeconds(10), 70);
        usage.ledger = new Ledger(usage.database, usage.settings, HeldUsage.CLOCK);
        usage.meters = MeterCatalog.parse("meters: {instance: {unit: GiB-hour}}", "meters.yaml");
        usage.readCsv(HEADER, csv("vm", 0, "123456789"));
        usage.meters = MeterCatalog.empty();
        // when
        List<Outcome> outcomes = usage.retry().retry(List.of(1L));
        // then
        assertThat(outcomes).extracting(Outcome::what).containsExactly(What.HELD);
        assertThat(outcomes.get(0).note()).contains("only in part");
        assertThat(usage.billed()).isEqualTo("0 0");
    }

    @Test
    void aRecordInBilledUnitsIsNotConvertedOnceMore() throws Exception {
        // given: a conflict of 2 GiB-hour, then a meter that is billed in another unit by a factor
        usage.meters = MeterCatalog.parse("meters: {disk: {unit: GiB-hour, factor: 1/1024}}", "meters.yaml");
        usage.read(line("a", "d", "disk", "1024", null, 0, 1));
        usage.read(line("a", "d", "disk", "2048", null, 0, 1));
        usage.meters = MeterCatalog.parse("meters: {disk: {unit: TiB-hour, factor: 1/1048576}}", "meters.yaml");
        // when
        Outcome outcome = usage.retry().accept(1);
        // then
        assertThat(outcome.what()).isEqualTo(What.HELD);
        assertThat(outcome.note()).contains("unit 'GiB-hour', but meter disk is billed in 'TiB-hour' today");
        // when: as it was
        usage.meters = MeterCatalog.parse("meters: {disk: {unit: GiB-hour, factor: 1/1024}}", "meters.yaml");
        assertThat(usage.retry().retry(List.of(1L)).get(0).note()).contains("its time is billed already");
        assertThat(usage.retry().accept(1).what()).isEqualTo(What.BILLED);
        assertThat(usage.billed()).isEqualTo("2 0.0962");
    }

    @Test
    void twoWhoTryAgainAtOnceBillOnce() throws Exception {
        // given
        String[] lines = new String[200];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = line("a", "r" + i, "call", "1", null, 0, 1);
        }
        usage.read(lines);
        usage.meters = MeterCatalog.empty();
        HeldUsage other = usage.otherHubWith(usage.meters);
        List<Long> ids = usage.heldIds();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        // when: one of them half of the records, in other transactions
        Callable<Object> all = () -> usage.retry().retry(ids);
        Callable<Object> some = () -> {
            for (long id : ids.subList(50, 150)) {
                other.retry().retry(List.of(id));
            }
            return null;
        };
        try {
            for (var future : threads.invokeAll(List.of(some, all))) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
        // then
        assertThat(usage.billed()).isEqualTo("200 9.62");
        assertThat(usage.rows("select state, count(*) from quarantine group by state"))
                .containsExactly("retried 200");
    }

    @Test
    void aDroppedRecordIsNeverBilledAndKeepsItsReason() throws Exception {
        // given
        usage.read(line("a", "r1", "call", "1", null, 0, 1), line("a", "r2", "call", "1", null, 0, 1));
        // when
        List<Long> dropped = usage.quarantine.drop(List.of(1L, 77L), "test data");
        List<Long> again = usage.quarantine.drop(List.of(1L), "other reason");
        usage.meters = MeterCatalog.empty();
        List<Outcome> retried = usage.retry().retry(List.of(1L));
        // then
        assertThat(dropped).containsExactly(1L);
        assertThat(again).isEmpty();
        assertThat(retried).extracting(Outcome::what).containsExactly(What.DECIDED);
        assertThat(usage.rows("select state, note from quarantine order by id"))
                .containsExactly("dropped test data", "held null");
        assertThat(usage.billed()).isEqualTo("0 0");
    }

    @Test
    void aBatchThatWouldOverfillQuarantineFailsAsAWholeAndSaysWhy() throws Exception {
        // given
        usage.settings = new LedgerSettings(1_000, 4, Duration.ofSeconds(10), 4096, 2, 1_000_000);
        usage.ledger = new Ledger(usage.database, usage.settings, HeldUsage.CLOCK);
        usage.read("{}", "{}");
        // when, then
        assertThatThrownBy(() -> usage.read(line("vm", "1", 0, 1), "{}"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("quarantine is full")
                .hasMessageContaining("3 records (allowed: 2, caravan.quarantine.maxRecords)");
        assertThat(usage.billed()).isEqualTo("0 0");
        // when: room is made
        usage.quarantine.drop(List.of(1L), "nothing in it");
        // then
        assertThat(usage.read(line("vm", "1", 0, 1), "{}").accepted()).isEqualTo(1);
        // when: by size
        usage.settings = new LedgerSettings(1_000, 4, Duration.ofSeconds(10), 4096, 100, 200);
        usage.ledger = new Ledger(usage.database, usage.settings, HeldUsage.CLOCK);
        assertThatThrownBy(() -> usage.read("{\"id\":\"" + "x".repeat(300) + "\"}"))
                .hasMessageContaining("bytes (allowed: 200, caravan.quarantine.maxBytes)");
    }

    @Test
    void totalsTellAboutHowMuchMoneyIsHeldPerMonth() throws Exception {
        // given
        usage.read(line("vm", "2", 0, 1), line("vm", "1", 744, 1));
        usage.read(line("vm", "12", 0, 1), line("vm", "3", 744, 1), line("vm", "x", 800, 1), "{}");
        // when
        List<QuarantineTotals.Total> totals;
        try (Connection connection = usage.database.getConnection()) {
            totals = QuarantineTotals.byMonth(connection);
        }
        // then
        assertThat(totals)
                .containsExactly(
                        new QuarantineTotals.Total(YearMonth.of(2026, 10), "conflict", 1, new BigDecimal("0.4810"), 0),
                        new QuarantineTotals.Total(YearMonth.of(2026, 11), "conflict", 1, new BigDecimal("0.0962"), 0),
                        new QuarantineTotals.Total(YearMonth.of(2026, 11), "unusable", 1, null, 1),
                        new QuarantineTotals.Total(null, "unusable", 1, null, 1));
        assertThat(usage.quarantine.size(QuarantineFilter.held()).records()).isEqualTo(4);
        assertThat(usage.quarantine
                        .size(new QuarantineFilter("held", YearMonth.of(2026, 11), null, "conflict", "a"))
                        .records())
                .isEqualTo(1);
    }

    private static String csv(String resource, int hour, String quantity) {
        return "a,dc," + resource + ",instance," + HeldUsage.at(hour) + "," + HeldUsage.at(hour + 1) + ",hour,"
                + quantity;
    }
}
