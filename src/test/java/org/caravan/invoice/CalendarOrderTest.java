package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.junit.jupiter.api.Test;

/** A tenant's months close one after the other; what comes late is billed in the oldest open one. */
class CalendarOrderTest {
    private static final YearMonth SEPTEMBER = YearMonth.of(2026, 9);
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);

    private final TestLedger ledger = TestLedger.invoicing();

    @Test
    void aMonthWaitsForTheEarlierOnesOfItsTenantAlone() throws Exception {
        // given
        ledger.use(SEPTEMBER, 0, List.of("a"));
        ledger.use(OCTOBER, 0, List.of("a", "b"));

        // when
        CloseResult first = ledger.closer().close(OCTOBER);
        CloseResult september = ledger.closer().close(SEPTEMBER);
        CloseResult second = ledger.closer().close(OCTOBER);

        // then
        assertThat(first.issued()).extracting(IssuedDocument::account).containsExactly("b");
        assertThat(first.held())
                .containsExactly(new CloseResult.Held(
                        "a", "2026-09 is still open for a; close it first: caravan close 2026-09"));
        assertThat(september.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(second.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(second.held()).isEmpty();
    }

    @Test
    void aSourceThatReportsWhileARoundIsUnderwayLetsNoLaterMonthGoFirst() throws Exception {
        // given: the source has not reported when September is looked at, and has when October is
        ledger.clock.move(Duration.ofDays(10));
        ledger.use(SEPTEMBER, 0, List.of("a"));
        ledger.use(OCTOBER, 0, List.of("b"));
        int[] looks = {0};
        HoldRule source = (connection, scope) -> looks[0]++ > 0
                ? List.of()
                : List.of(new Hold("source", true, null, "source kafka has never reported", "let it catch up"));
        Closer closer = new Closer(
                ledger.dataSource,
                ledger.identity,
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                ClosePolicy.defaults(),
                List.of(source),
                ledger.clock);

        // when
        List<CloseResult> first = closer.closeDue();
        List<CloseResult> second = closer.closeDue();

        // then: numbers follow the calendar
        assertThat(first).extracting(CloseResult::month).containsExactly(SEPTEMBER);
        assertThat(first.get(0).issued()).isEmpty();
        assertThat(second).extracting(CloseResult::month).containsExactly(SEPTEMBER, OCTOBER);
        assertThat(ledger.rows("select number, account from document order by number"))
                .containsExactly("INV-2026-000001 a", "INV-2026-000002 b");
    }

    @Test
    void anAccountWaitsForEveryTenantItTies() throws Exception {
        // given
        ledger.use(SEPTEMBER, 0, List.of("b"));
        ledger.use(OCTOBER, 0, List.of("a"));
        ledger.use(OCTOBER, 0, List.of("b"));
        AccountProfiles profiles = AccountProfiles.parse("accounts: {acme: {tenants: [a, b]}}", "accounts.yaml");

        // when
        CloseResult result = ledger.closer(ledger.dataSource, profiles, CloseSettings.defaults())
                .close(OCTOBER);

        // then
        assertThat(result.issued()).isEmpty();
        assertThat(result.held()).extracting(CloseResult.Held::account).containsExactly("acme");
        assertThat(result.held().get(0).reason()).contains("2026-09 is still open for b");
    }

    @Test
    void aProformaIsHeldByNothing() throws Exception {
        // given
        TestLedger proforma = TestLedger.proforma();
        proforma.use(SEPTEMBER, 0, List.of("a"));
        proforma.use(NOVEMBER, 0, List.of("a"));

        // when: a month that is not even over
        CloseResult result = proforma.closer().close(CloseOrder.of(NOVEMBER), document -> {});

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(result.isComplete()).isTrue();
    }

    @Test
    void earlierUsageThatEntersBetweenDraftAndIssueHoldsTheMonth() throws Exception {
        // given: September's usage enters when the issue transaction is about to lock its buckets
        ledger.use(OCTOBER, 0, List.of("a", "b"));
        Trap trap =
                new Trap(ledger.dataSource, "for no key update", false, 1, c -> ledger.use(SEPTEMBER, 1, List.of("a")));

        // when
        CloseResult result = ledger.closer(trap, AccountProfiles.none(), CloseSettings.defaults())
                .close(OCTOBER);

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("b");
        assertThat(result.held()).extracting(CloseResult.Held::account).containsExactly("a");
        assertThat(ledger.rows("select t.name, m.state from month m join tenant t on t.id = m.tenant"))
                .containsExactly("b closed");
    }

    @Test
    void aMonthThatIsNotOverIsNeverClosedNotEvenByForce() throws Exception {
        // given: a second before the end of October
        ledger.use(OCTOBER, 0, List.of("a"));
        ledger.clock.move(Duration.ofHours(-6).minusSeconds(1));

        // when, then
        assertThatThrownBy(() -> ledger.closer().close(CloseOrder.of(OCTOBER).forced(), document -> {}))
                .isInstanceOf(UserError.class)
                .hasMessage("month 2026-10 is not over: it can be closed from 2026-11-01T00:00:00Z on");
        assertThat(ledger.closer().closeDue()).isEmpty();
        assertThat(ledger.rows("select 1 from month")).isEmpty();
    }

    @Test
    void februaryOfALeapYearEndsAfterItsTwentyNinthDay() throws Exception {
        // given: the last hour of 29 February 2028, and the first of March
        YearMonth february = YearMonth.of(2028, 2);
        ledger.use(february, 28 * 24 + 23, List.of("a"));
        ledger.use(february, 29 * 24, List.of("a"));
        ledger.clock.moveTo("2028-02-29T23:59:59Z");

        // when
        assertThatThrownBy(() -> ledger.closer().close(february)).isInstanceOf(UserError.class);
        ledger.clock.move(Duration.ofSeconds(1));
        List<IssuedDocument> issued = ledger.closer().close(february).issued();

        // then
        assertThat(issued).extracting(d -> d.total().toPlainString()).containsExactly("4.80");
        assertThat(new Documents(ledger.dataSource).body(issued.get(0).id()))
                .contains("\"to\":\"2028-03-01T00:00:00Z\"");
    }

    @Test
    void whatComesLateIsOnTheNextDocumentAndNamesItsMonth() throws Exception {
        // given
        ledger.issued("a");
        ledger.clock.moveTo("2026-12-01T06:00:00Z");

        // when: an hour of October comes in November, beside November's own
        ledger.use(OCTOBER, 5, List.of("a"));
        ledger.use(NOVEMBER, 0, List.of("a"));
        List<IssuedDocument> next = ledger.closer().close(NOVEMBER).issued();

        // then
        assertThat(next).extracting(d -> d.total().toPlainString()).containsExactly("9.60");
        assertThat(new Documents(ledger.dataSource).body(next.get(0).id())).contains("2026-10");
        assertThat(ledger.rows("select kind, billing_month, usage_day from entry order by usage_day, billing_month"))
                .containsExactly("1 2026-10-01 2026-10-01", "3 2026-11-01 2026-10-01", "1 2026-11-01 2026-11-01");
    }

    @Test
    void whatComesLateOfATenantThatLeftIsADocumentOfItsOwn() throws Exception {
        // given: a is billed for October and never used anything again
        ledger.issued("a", "b");
        ledger.use(NOVEMBER, 0, List.of("b"));
        ledger.clock.moveTo("2026-12-03T06:00:00Z");
        ledger.closer().closeDue();

        // when: its October comes in again, 400 days late
        ledger.clock.moveTo("2027-12-05T00:00:00Z");
        ledger.use(OCTOBER, 7, List.of("a", "b"));
        List<CloseResult> due = ledger.closer().closeDue();

        // then: each in its oldest open month, a document of adjustments alone
        assertThat(due).extracting(result -> result.month().toString()).containsExactly("2026-11", "2026-12");
        assertThat(ledger.rows("select key, total from document order by id"))
                .containsExactly(
                        "test:a:2026-10:1 4.80",
                        "test:b:2026-10:1 4.80",
                        "test:b:2026-11:1 4.80",
                        "test:a:2026-11:1 4.80",
                        "test:b:2026-12:1 4.80");
        assertThat(ledger.rows("select kind, usage_day from entry where billing_month = '2026-12-01'"))
                .containsExactly("3 2026-10-01");
        assertThat(Audit.run(ledger.dataSource))
                .allSatisfy(check -> assertThat(check.findings()).isEmpty());
        assertThat(ledger.closer().closeDue()).isEmpty();
    }

    @Test
    void aClockThatJumpsBackReopensNothing() throws Exception {
        // given
        ledger.issued("a");
        ledger.clock.move(Duration.ofDays(-20));

        // when: the clock says that October is not over, and usage of it goes on
        ledger.use(OCTOBER, 9, List.of("a"));
        assertThatThrownBy(() -> ledger.closer().close(OCTOBER)).isInstanceOf(UserError.class);
        List<CloseResult> early = ledger.closer().closeDue();
        ledger.clock.moveTo("2026-12-03T00:00:00Z");
        ledger.closer().closeDue();

        // then
        assertThat(early).isEmpty();
        assertThat(ledger.rows("select month, total from document order by id"))
                .containsExactly("2026-10-01 4.80", "2026-11-01 4.80");
    }

    @Test
    void sixteenMonthsCloseByThemselvesWithLateUsageInAllOfThem() throws Exception {
        // given, when: every month some usage of the month before and of 400 days before
        YearMonth month = YearMonth.of(2027, 1);
        for (int i = 0; i < 16; i++, month = month.plusMonths(1)) {
            ledger.use(month, i, List.of("a", "b"));
            if (i >= 1) {
                ledger.use(month.minusMonths(1), 100 + i, List.of("a"));
            }
            if (i >= 14) {
                ledger.use(month.minusMonths(13), 200 + i, List.of("b"));
            }
            ledger.clock.moveTo(month.plusMonths(1).atDay(2) + "T00:00:00Z");
            ledger.closer().closeDue();
        }

        // then: nothing is open, every entry is in one document, late ones on the next
        assertThat(ledger.closer().openMonths()).isEmpty();
        assertThat(ledger.rows("select account, count(*), sum(exact) from document group by account order by 1"))
                .containsExactly("a 16 148.8", "b 16 86.4");
        assertThat(ledger.rows("select sum(amount) from entry")).containsExactly("235.200");
        assertThat(ledger.rows("select count(*) from entry where kind = 3")).containsExactly("17");
        assertThat(Audit.run(ledger.dataSource))
                .allSatisfy(check -> assertThat(check.findings()).isEmpty());
    }

    @Test
    void onlyTheAccountThatIsAskedForIsClosed() throws Exception {
        // given
        ledger.use("a", "b", "c");

        // when
        CloseResult result =
                ledger.closer().close(CloseOrder.of(OCTOBER).only(Set.of("b")).forced(), document -> {});

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("b");
        assertThat(result.isComplete()).isTrue();
        assertThat(ledger.rows("select count(*) from month")).containsExactly("1");
    }
}
