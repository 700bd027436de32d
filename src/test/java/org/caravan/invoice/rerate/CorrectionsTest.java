package org.caravan.invoice.rerate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.caravan.invoice.rerate.RerateLedger.OCTOBER;
import static org.caravan.invoice.rerate.RerateLedger.line;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.CreditOrder;
import org.caravan.invoice.Credits;
import org.caravan.ledger.RollUp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Issued months, whose difference is billed in open ones. */
class CorrectionsTest {
    private static final YearMonth NOVEMBER = OCTOBER.plusMonths(1);
    private static final YearMonth DECEMBER = OCTOBER.plusMonths(2);
    /** The first hour of November. */
    private static final int IN_NOVEMBER = 31 * 24;

    private final RerateLedger ledger = new RerateLedger();

    @AfterEach
    void theLedgerHoldsTogether() throws Exception {
        RollUp.run(ledger.database);
        ledger.audit();
    }

    private static String text(Corrections.Line line) {
        return line.tenant() + " " + line.records() + " " + line.changed() + " " + Decimals.plain(line.before()) + " "
                + Decimals.plain(line.after()) + " " + Decimals.plain(line.difference()) + " " + line.credited() + " "
                + line.billedIn() + (line.billedAt() == null ? "" : " before");
    }

    private static List<String> text(Corrections.Result result) {
        return result.lines().stream().map(CorrectionsTest::text).toList();
    }

    /** October of a and b, issued; November of a begun. */
    private void issued() throws Exception {
        ledger.price("0.05");
        ledger.read(line("a", "100", 0), line("a", "60", 30), line("b", "10", 0));
        ledger.read(line("a", "1", IN_NOVEMBER));
        ledger.close(OCTOBER);
    }

    @Test
    void theDifferenceIsBilledInTheOldestOpenMonthAndNamesTheMonthItCorrects() throws Exception {
        // given
        issued();
        ledger.price("0.07");
        // when
        Corrections.Result result = ledger.correct("wrong price", "a");
        // then
        assertThat(text(result)).containsExactly("a 2 2 8 11.2 3.2 0 2026-11");
        assertThat(ledger.rows("select kind, billing_month, usage_day, quantity, amount from entry where kind > 3"
                        + " order by usage_day, quantity"))
                .containsExactly(
                        "4 2026-11-01 2026-10-01 -100 -5.00",
                        "4 2026-11-01 2026-10-01 100 7.00",
                        "4 2026-11-01 2026-10-02 -60 -3.00",
                        "4 2026-11-01 2026-10-02 60 4.20");
        ledger.close(NOVEMBER);
        assertThat(ledger.lines("a", NOVEMBER))
                .containsExactly(
                        "vm USAGE null 0.05 1 0.05",
                        "vm RERATE 2026-10 0.05 -160 -8",
                        "vm RERATE 2026-10 0.07 160 11.2");
        assertThat(ledger.lines("a", OCTOBER)).containsExactly("vm USAGE null 0.05 160 8");
    }

    @Test
    void aReasonIsBilledOnceAndAnotherOneBillsTheFurtherDifference() throws Exception {
        // given
        issued();
        ledger.price("0.07");
        ledger.correct("wrong price", "a");
        // when: the same reason, also with other rules, also for all
        ledger.clock.move(Duration.ofHours(1));
        assertThat(text(ledger.correct("wrong price", "a"))).containsExactly("a 2 2 8 11.2 3.2 0 2026-11 before");
        ledger.price("0.09");
        assertThat(text(ledger.correct(" wrong  price ")))
                .containsExactly("a 2 2 8 11.2 3.2 0 2026-11 before", "b 1 1 0.5 0.9 0.4 0 2026-11");
        // then
        assertThat(ledger.billed("a")).isEqualTo("3 161 11.25 10800");
        // when: another one
        assertThat(text(ledger.correct("wrong again")))
                .containsExactly("a 2 2 11.2 14.4 3.2 0 2026-11", "b 1 0 0.9 0.9 0 0 2026-11");
        // then: November's document shows what October costs more, not the way there
        ledger.close(NOVEMBER);
        assertThat(ledger.lines("a", NOVEMBER))
                .containsExactly(
                        "vm USAGE null 0.05 1 0.05",
                        "vm RERATE 2026-10 0.05 -160 -8",
                        "vm RERATE 2026-10 0.09 160 14.4");
    }

    @Test
    void aPlanTellsWhatWouldBeBilledAndWritesNothing() throws Exception {
        // given
        issued();
        ledger.price("0.07");
        String before = ledger.rows("select count(*), sum(amount) from entry").get(0);
        // when
        Corrections.Result plan = ledger.plan(null);
        // then
        assertThat(ledger.rows("select count(*), sum(amount) from entry")).containsExactly(before);
        assertThat(ledger.rows("select count(*) from rerating")).containsExactly("0");
        assertThat(text(ledger.correct("wrong price"))).isEqualTo(text(plan));
        assertThat(text(plan)).containsExactly("a 2 2 8 11.2 3.2 0 2026-11", "b 1 1 0.5 0.7 0.2 0 2026-11");
        // and: with the reason given, what is billed is shown as billed
        assertThat(text(ledger.plan("wrong price")))
                .containsExactly("a 2 2 8 11.2 3.2 0 2026-11 before", "b 1 1 0.5 0.7 0.2 0 2026-11 before");
        assertThat(text(ledger.plan("another"))).contains("b 1 0 0.7 0.7 0 0 2026-11");
    }

    @Test
    void aTenantWithNothingOpenGetsADocumentOfTheDifferenceAlone() throws Exception {
        // given
        issued();
        ledger.price("0.02");
        ledger.correct("too dear", "b");
        // when
        ledger.close(NOVEMBER, "b");
        // then
        assertThat(ledger.lines("b", NOVEMBER))
                .containsExactly("vm RERATE 2026-10 0.02 10 0.2", "vm RERATE 2026-10 0.05 -10 -0.5");
        assertThat(ledger.document("b", NOVEMBER).total()).isEqualByComparingTo("-0.30");
    }

    @Test
    void aCorrectionTakenBackLeavesADocumentOfNothingAndNoMonthOpen() throws Exception {
        // given
        issued();
        ledger.price("0.02");
        ledger.correct("too dear", "b");
        ledger.price("0.05");
        ledger.correct("it was not", "b");
        // when
        ledger.close(NOVEMBER, "b");
        // then
        assertThat(ledger.document("b", NOVEMBER).sections()).isEmpty();
        assertThat(ledger.document("b", NOVEMBER).total()).isEqualByComparingTo("0");
        assertThat(ledger.closer().openMonths()).doesNotContainKey(OCTOBER);
        assertThat(ledger.closer().openMonths().get(NOVEMBER))
                .noneMatch(tenant -> tenant.name().equals("b"));
    }

    @Test
    void lateUsageIsCorrectedWithItsMonthWhereverItIsBilled() throws Exception {
        // given: late usage in the open November, and in an issued one
        issued();
        ledger.read(line("a", "10", 40), line("b", "10", 40));
        ledger.close(NOVEMBER, "b");
        ledger.price("0.07");
        // when
        ledger.correct("wrong price");
        ledger.close(NOVEMBER, "a");
        // then: what is open shows the new price alone
        assertThat(ledger.lines("a", NOVEMBER))
                .containsExactly(
                        "vm USAGE null 0.05 1 0.05",
                        "vm RERATE 2026-10 0.05 -160 -8",
                        "vm ADJUSTMENT 2026-10 0.07 10 0.7",
                        "vm RERATE 2026-10 0.07 160 11.2");
    }

    @Test
    void aRecordAcceptedLaterReversesWhatInvoiceAndCorrectionBilled() throws Exception {
        // given
        issued();
        ledger.price("0.07");
        ledger.correct("wrong price", "a");
        // when: the record of 100 was one of 1,000
        ledger.read(line("a", "1000", 0));
        ledger.acceptAll();
        // then: 70 + 4.20 + 0.05 of November
        assertThat(ledger.billed("a")).isEqualTo("3 1061 74.25 10800");
        // and: corrected again, the accepted one is, too, in place
        ledger.price("0.08");
        ledger.correct("wrong again", "a");
        assertThat(ledger.billed("a")).isEqualTo("3 1061 84.85 10800");
    }

    @Test
    void whatWasCreditedIsNotBilledADifference() throws Exception {
        // given: two lines of a, of which the first is credited; b credited whole
        ledger.rules("vm: {mappings: [{cost: \"0.05\"}]}, traffic: {mappings: [{cost: 1}]}");
        ledger.read(line("a", "100", 0), line("a", "r", "traffic", "7", 0, 1), line("b", "10", 0));
        Map<String, String> numbers = new TreeMap<>();
        ledger.close(OCTOBER).forEach(issued -> numbers.put(issued.account(), issued.number()));
        credit(numbers.get("a"), 2);
        credit(numbers.get("b"), 1);
        ledger.rules("vm: {mappings: [{cost: \"0.07\"}]}, traffic: {mappings: [{cost: 2}]}");
        // when
        Corrections.Result plan = ledger.plan(null);
        Corrections.Result result = ledger.correct("wrong price");
        // then
        assertThat(text(result)).isEqualTo(text(plan));
        assertThat(text(result)).containsExactly("a 2 1 12 19 7 1 2026-11", "b 1 0 0.5 0.5 0 1 2026-11");
        assertThat(ledger.rows("select count(*) from entry where kind = 4")).containsExactly("2");
    }

    @Test
    void ofTwoLinesOfOneResourceTheOneThatWasCreditedIsLeft() throws Exception {
        // given: two prices, so two lines of the same resource
        ledger.rules("vm: {mappings: [{type: flat, cost: \"0.05\", end: \"2026-10-02T00:00:00\"},"
                + " {type: flat, cost: \"0.06\", start: \"2026-10-02T00:00:00\"}]}");
        ledger.read(line("a", "100", 0), line("a", "10", 30));
        credit(ledger.close(OCTOBER).get(0).number(), 2);
        ledger.price("0.07");
        // when
        Corrections.Result result = ledger.correct("wrong price");
        // then: 100 at 0.05 are corrected, 10 at 0.06 are not
        assertThat(text(result)).containsExactly("a 2 1 5.6 7.6 2 1 2026-11");
    }

    @Test
    void aCorrectionWhoseOwnLineWasCreditedIsNotBilledFurther() throws Exception {
        // given: the difference went out in November, and its new price was credited there
        issued();
        ledger.price("0.07");
        ledger.correct("wrong price", "b");
        String november = ledger.close(NOVEMBER, "b").get(0).number();
        credit(november, 1, 2);
        // when
        ledger.price("0.09");
        // then
        assertThat(text(ledger.correct("wrong again", "b"))).containsExactly("b 1 0 0.7 0.7 0 1 2026-12");
    }

    private void credit(String number, Integer... lines) throws Exception {
        new Credits(ledger.database, CloseSettings.defaults(), ledger.clock)
                .credit(new CreditOrder(number, new TreeSet<>(List.of(lines)), "not wanted"));
    }

    @Test
    void brokenOffAtAnyPlaceItIsFinishedByTheSameReasonAndBillsNothingTwice() throws Exception {
        // given: portions of one batch each
        ledger.price("1");
        for (int hour = 0; hour < 12; hour++) {
            ledger.read(line("a", "1", hour), line("b", "1", hour));
        }
        ledger.close(OCTOBER);
        ledger.price("3");
        ledger.settings = new RerateSettings(1, ledger.settings.lockWait(), ledger.settings.lease());
        for (int portions : new int[] {0, 1, 5}) {
            // when: it ends after so many portions
            assertThatThrownBy(() -> ledger.corrections()
                            .correct(new Corrections.Wanted(OCTOBER, List.of(), "half", "test"), breakAfter(portions)))
                    .hasMessage("broken off");
            // then: whole portions are billed, both tenants of each
            assertThat(ledger.rows("select count(distinct amount) from (select sum(amount) as amount from entry"
                            + " group by tenant) as t"))
                    .containsExactly("1");
        }
        assertThat(ledger.closer().holds(connection(), NOVEMBER)).anySatisfy(hold -> assertThat(hold.text())
                .isEqualTo("tenant a: the correction of 2026-10 is not done (half); run the same caravan correct"
                        + " 2026-10 again, which finishes it"));
        // when
        Corrections.Result result = ledger.correct("half");
        // then
        assertThat(text(result)).containsExactly("a 12 12 12 36 24 0 2026-11", "b 12 12 12 36 24 0 2026-11");
        assertThat(ledger.billed("a")).isEqualTo("12 12 36 43200");
        assertThat(ledger.closer().holds(connection(), NOVEMBER))
                .noneMatch(hold -> hold.kind().equals("rerate"));
    }

    private Connection connection() throws Exception {
        return ledger.database.getConnection();
    }

    private static Consumer<Instant> breakAfter(int portions) {
        AtomicInteger left = new AtomicInteger(portions);
        return place -> {
            if (left.getAndDecrement() <= 0) {
                throw new UserError("broken off");
            }
        };
    }

    @Test
    void rulesThatChangeOnTheWayAreAppliedToAllOfIt() throws Exception {
        // given
        ledger.price("1");
        for (int hour = 0; hour < 6; hour++) {
            ledger.read(line("a", "1", hour));
        }
        ledger.close(OCTOBER);
        ledger.price("3");
        ledger.settings = new RerateSettings(1, ledger.settings.lockWait(), ledger.settings.lease());
        AtomicInteger portion = new AtomicInteger();
        // when
        Corrections.Result result = ledger.corrections()
                .correct(new Corrections.Wanted(OCTOBER, List.of(), "moving", "test"), place -> {
                    if (portion.incrementAndGet() == 3) {
                        ledger.price("7");
                    }
                });
        // then: 6 became 18 in part, and 42 in the end
        assertThat(ledger.billed("a")).isEqualTo("6 6 42 21600");
        assertThat(result.lines()).singleElement().satisfies(line -> assertThat(Decimals.plain(line.before()) + " "
                        + Decimals.plain(line.after()) + " " + Decimals.plain(line.difference()))
                .isEqualTo("6 42 36"));
    }

    @Test
    void twoAtOnceForOneReasonBillItOnce() throws Exception {
        // given
        ledger.price("1");
        for (int hour = 0; hour < 10; hour++) {
            ledger.read(line("a", "1", hour));
        }
        ledger.close(OCTOBER);
        ledger.price("3");
        ledger.settings = new RerateSettings(1, ledger.settings.lockWait(), ledger.settings.lease());
        // when
        Corrections.Result[] results = new Corrections.Result[2];
        Thread[] threads = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int at = i;
            threads[i] = new Thread(() -> {
                try {
                    results[at] = ledger.correct("at once");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        // then
        assertThat(text(results[0])).containsExactly("a 10 10 10 30 20 0 2026-11");
        assertThat(text(results[1])).isEqualTo(text(results[0]));
        assertThat(ledger.billed("a")).isEqualTo("10 10 30 36000");
        assertThat(ledger.rows("select count(*) from rerating")).containsExactly("1");
    }

    @Test
    void whatIsNotIssuedIsNotCorrected() throws Exception {
        // given: October of a issued, of c not
        issued();
        ledger.read(line("c", "1", 0));
        // when, then
        assertThatThrownBy(() -> ledger.correct("why", "c"))
                .isInstanceOf(UserError.class)
                .hasMessage("2026-10 is not issued to c yet: what is open is re-rated in place, with POST"
                        + " /v2/task/reprocesses");
        assertThatThrownBy(() -> ledger.correct("why", "nobody"))
                .isInstanceOf(UserError.class)
                .hasMessage("tenant 'nobody': the ledger has no tenant of this name; check it");
        assertThatThrownBy(() -> ledger.correct(" "))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--reason TEXT");
        assertThatThrownBy(() -> ledger.corrections()
                        .correct(new Corrections.Wanted(DECEMBER, List.of(), "why", "test"), place -> {}))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("2026-12 is issued to nobody");
        assertThat(ledger.correct("why").open()).containsExactly("c");
    }
}
