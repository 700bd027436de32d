package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.caravan.ledger.HeldUsage.line;

import java.sql.Connection;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravan.common.UserError;
import org.caravan.invoice.Audit;
import org.caravan.ledger.Outcome.What;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuarantineAcceptTest {
    private final HeldUsage usage = new HeldUsage();

    @AfterEach
    void theLedgerHoldsTogether() throws Exception {
        RollUp.run(usage.database);
        assertThat(Audit.run(usage.database))
                .allSatisfy(
                        check -> assertThat(check.findings()).as(check.name()).isEmpty());
    }

    @Test
    void anAcceptedConflictBillsTheDifference() throws Exception {
        // given
        usage.read(line("vm", "2", 0, 1), line("vm", "1", 1, 1));
        usage.read(line("vm", "5.5", 0, 1));
        // when
        Outcome outcome = usage.retry().accept(1);
        // then
        assertThat(outcome.what()).isEqualTo(What.BILLED);
        assertThat(usage.rows(
                        "select kind, quantity, amount, seconds, records, billing_month from entry order by batch,"
                                + " records"))
                .containsExactly(
                        "1 3 0.1443 7200 2 2026-10-01",
                        "2 -2 -0.0962 -3600 -1 2026-10-01",
                        "2 5.5 0.26455 3600 1 2026-10-01");
        assertThat(usage.rows("select state, note, effect = (select max(id) from batch) from quarantine"))
                .containsExactly("accepted billed in the place of 1 record t");
    }

    @Test
    void afterwardsTheNewContentIsADuplicateAndTheOldAConflictForEveryHub() throws Exception {
        // given: another hub that remembers the old content
        HeldUsage other = usage.otherHub();
        usage.read(line("vm", "2", 0, 1));
        other.read(line("vm", "2", 0, 1));
        usage.read(line("vm", "3", 0, 1));
        // when
        usage.retry().accept(1);
        // then: by who did it, by who remembered, and by one that reads all
        for (HeldUsage hub : List.of(usage, other, usage.otherHub())) {
            assertThat(hub.read(line("vm", "3.0", 0, 1)).duplicate()).isEqualTo(1);
            CommitResult old = hub.read(line("vm", "2", 0, 1));
            assertThat(old.conflict()).isEqualTo(1);
            assertThat(old.duplicate()).isZero();
        }
        assertThat(usage.billed()).isEqualTo("3 0.1443");
        // and the old content was set aside once, however often it came
        assertThat(usage.heldIds()).hasSize(1);
        // when: it is accepted again
        usage.retry().accept(usage.heldIds().get(0));
        // then
        assertThat(usage.billed()).isEqualTo("2 0.0962");
        assertThat(other.read(line("vm", "2", 0, 1)).duplicate()).isEqualTo(1);
    }

    @Test
    void severalOldRecordsOfSeveralBatchesMakeRoomAndWhatIsLeftFreeCanBeBilled() throws Exception {
        // given: [0,4) [4,8) [8,12) by three batches at three prices
        usage.read(line("vm", "4", 0, 4));
        usage.unitPrice = new java.math.BigDecimal("0.07");
        usage.read(line("vm", "1", 4, 4), line("other", "1", 4, 4));
        usage.unitPrice = new java.math.BigDecimal("0.123456789");
        usage.read(line("vm", "3", 8, 4));
        usage.read(line("vm", "10", 2, 8));
        // when: [2,10) takes the place of all of them
        QuarantineRetry.Preview preview = usage.retry().preview(1);
        Outcome outcome = usage.retry().accept(1);
        // then
        assertThat(preview.beside()).hasSize(3);
        assertThat(preview.difference())
                .isEqualByComparingTo(new java.math.BigDecimal("1.23456789")
                        .subtract(new java.math.BigDecimal("0.1924"))
                        .subtract(new java.math.BigDecimal("0.07"))
                        .subtract(new java.math.BigDecimal("0.370370367")));
        assertThat(outcome.note()).isEqualTo("billed in the place of 3 records");
        assertThat(usage.rows("select sum(amount) from entry where kind = 2"))
                .allSatisfy(
                        sum -> assertThat(new java.math.BigDecimal(sum)).isEqualByComparingTo(preview.difference()));
        // and: the time before and after it is free, its own is not
        for (HeldUsage hub : List.of(usage, usage.otherHub())) {
            assertThat(hub.read(line("vm", "10", 2, 8)).duplicate()).isEqualTo(1);
        }
        assertThat(usage.otherHub().read(line("vm", "1", 0, 2)).accepted()).isEqualTo(1);
        assertThat(usage.read(line("vm", "1", 10, 2)).accepted()).isEqualTo(1);
        assertThat(usage.read(line("vm", "1", 1, 2)).conflict()).isEqualTo(1);
    }

    @Test
    void aPreviewChangesNothing() throws Exception {
        // given
        usage.read(line("vm", "2", 0, 1));
        usage.read(line("vm", "3", 0, 1));
        // when
        QuarantineRetry.Preview first = usage.retry().preview(1);
        QuarantineRetry.Preview second = usage.otherHub().retry().preview(1);
        // then
        assertThat(first.difference()).isEqualByComparingTo("0.0481");
        assertThat(second).isEqualTo(first);
        assertThat(usage.billed()).isEqualTo("2 0.0962");
        assertThat(usage.rows("select state, count(*) from quarantine group by state"))
                .containsExactly("held 1");
        assertThat(usage.read(line("vm", "2", 0, 1)).duplicate()).isEqualTo(1);
    }

    @Test
    void anEventsContentIsReplacedUnderItsId() throws Exception {
        // given
        String one = line("a", "api", "call", "1", null, 0, 1).replace("{", "{\"id\":\"e1\",");
        String other = line("a", "api2", "call", "4", null, 30, 1).replace("{", "{\"id\":\"e1\",");
        usage.read(one);
        assertThat(usage.read(other).conflict()).isEqualTo(1);
        // when
        Outcome outcome = usage.otherHub().retry().accept(1);
        // then
        assertThat(outcome.what()).isEqualTo(What.BILLED);
        assertThat(usage.billed()).isEqualTo("4 0.1924");
        assertThat(usage.read(other).duplicate()).isEqualTo(1);
        assertThat(usage.otherHub().read(one).conflict()).isEqualTo(1);
    }

    @Test
    void aGivenPriceIsTakenBackAndBilledToTheLastDigit() throws Exception {
        // given
        usage.read(line("a", "vm", "paid", "1", "0.1234567890123456789012345678", 0, 1));
        usage.read(line("a", "vm", "paid", "1", "9", 0, 1));
        // when
        usage.retry().accept(1);
        // then
        assertThat(usage.rows("select amount from entry where kind = 2 order by amount"))
                .containsExactly("-0.1234567890123456789012345678", "9");
        assertThat(usage.billed()).isEqualTo("1 9");
    }

    @Test
    void aCorrectionOfAClosedMonthIsBilledInTheOldestOpenOne() throws Exception {
        // given
        usage.read(line("vm", "2", 0, 1), line("vm", "1", 744, 1));
        usage.read(line("vm", "5", 0, 1));
        usage.close("a", YearMonth.of(2026, 10));
        // when
        usage.retry().accept(1);
        // then: both halves, with their month of use
        assertThat(usage.rows(
                        "select kind, billing_month, usage_day, quantity from entry where kind = 2 order by quantity"))
                .containsExactly("2 2026-11-01 2026-10-01 -2", "2 2026-11-01 2026-10-01 5");
        assertThat(usage.rows("select sum(quantity) from entry where billing_month = '2026-10-01'"))
                .containsExactly("2");
        // so that the month holds no money without a document
        usage.execute("update month set state = 'open'");
    }

    @Test
    void oneRecordHeldTwiceIsBilledOnce() throws Exception {
        // given: the same conflict, once with another id, so that it is held as another text
        usage.read(line("vm", "2", 0, 1));
        usage.read(line("vm", "3", 0, 1));
        usage.read(line("vm", "3", 0, 1).replace("{", "{\"id\":\"x\","));
        // when
        Outcome first = usage.retry().accept(1);
        Outcome second = usage.retry().accept(2);
        Outcome again = usage.retry().accept(1);
        // then
        assertThat(first.what()).isEqualTo(What.BILLED);
        assertThat(second.what()).isEqualTo(What.DUPLICATE);
        assertThat(again.what()).isEqualTo(What.DECIDED);
        assertThat(again.note()).contains("is accepted since 2026-12-01T00:00:00Z");
        assertThat(usage.billed()).isEqualTo("3 0.1443");
    }

    @Test
    void twoWhoAcceptAtOnceBillOnce() throws Exception {
        // given
        usage.read(line("vm", "2", 0, 1));
        for (int i = 0; i < 6; i++) {
            usage.read(line("vm", "" + (10 + i), 0, 1));
        }
        HeldUsage other = usage.otherHub();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (long id : usage.heldIds()) {
                // when
                Callable<Outcome> mine = () -> usage.retry().accept(id);
                Callable<Outcome> theirs = () -> other.retry().accept(id);
                List<What> whats = threads.invokeAll(List.of(mine, theirs)).stream()
                        .map(QuarantineAcceptTest::result)
                        .map(Outcome::what)
                        .toList();
                // then
                assertThat(whats).containsExactlyInAnyOrder(What.BILLED, What.DECIDED);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(usage.billed()).isEqualTo("15 0.7215");
    }

    @Test
    void anAcceptWhoseSessionIsKilledAnywhereBillsOnceWhenItIsDoneAgain() throws Exception {
        // given: the session ends itself before each of the statements that write
        for (String table : List.of("entry_2026_10", "batch", "bucket", "reversal", "quarantine")) {
            usage.read(line(table, "2", 0, 1));
            usage.read(line(table, "3", 0, 1));
            String when = table.equals("bucket") || table.equals("quarantine") ? "update" : "insert";
            usage.execute("create function die() returns trigger language plpgsql as $$ begin"
                    + " perform pg_terminate_backend(pg_backend_pid()); return new; end $$");
            usage.execute(
                    "create trigger die before " + when + " on " + table + " for each row execute function die()");
            long id = usage.heldIds().get(0);
            // when
            assertThatThrownBy(() -> usage.retry().accept(id)).isInstanceOf(java.sql.SQLException.class);
            // then: nothing of it holds
            assertThat(usage.rows("select count(*) from entry where kind = 2")).containsExactly("0");
            usage.execute("drop function die cascade");
            assertThat(usage.retry().accept(id).what()).isEqualTo(What.BILLED);
            assertThat(usage.rows("select sum(quantity), count(*) from entry where kind = 2"))
                    .containsExactly("1 2");
            usage.execute("truncate entry, reversal, quarantine, batch, repriced, rollup");
        }
    }

    @Test
    void anUnusableRecordIsNothingToAccept() throws Exception {
        // given
        usage.read("{\"tenant\":\"a\"}");
        // when, then
        assertThatThrownBy(() -> usage.retry().accept(1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no conflict but unusable (no meter)");
        assertThatThrownBy(() -> usage.retry().accept(99)).hasMessageContaining("no such record");
    }

    @Test
    void whatIsMissingFromTheArchivesIsNotCorrected() throws Exception {
        // given: an archive that is gone
        usage.read(line("vm", "2", 0, 1));
        usage.read(line("vm", "3", 0, 1));
        try (Connection connection = usage.database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table kept as select archive from batch where id = 1");
            statement.execute("update batch set archive = null where id = 1");
        }
        // when, then
        assertThatThrownBy(() -> usage.otherHub().retry().accept(1)).hasMessageContaining("archive is gone");
        assertThat(usage.rows("select state from quarantine")).containsExactly("held");
        usage.execute("update batch set archive = (select archive from kept) where id = 1");
    }

    private static Outcome result(Future<Outcome> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
