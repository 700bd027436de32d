package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person has seen is issued, and nothing else. */
class ApprovalTest {
    private static final YearMonth OCTOBER = TestLedger.MONTH;

    private final TestLedger ledger = TestLedger.invoicing();

    @BeforeEach
    void afterTheGrace() {
        ledger.clock.moveTo("2026-11-03T00:00:00Z");
    }

    @Test
    void whatWasShownIsIssuedAndKeptWithWhoAndWhen() throws Exception {
        // given
        ledger.use(OCTOBER.minusMonths(1), 0, List.of("a", "gone"));
        ledger.closer().close(OCTOBER.minusMonths(1));
        ledger.use("a", "b");
        ledger.use(OCTOBER, 1, List.of("a"));
        Approval approval = approval(ledger.dataSource);

        // when
        ClosePreview shown = approval.show(CloseOrder.of(OCTOBER));
        List<AccountFigures.Figure> figures = AccountFigures.of(ledger.dataSource, OCTOBER, shown.ready(), Set.of());
        CloseResult result = approval.issue(shown, "maria", document -> {});

        // then
        assertThat(figures)
                .extracting(
                        f -> f.account() + " " + f.state() + " " + f.total() + " " + f.before() + " " + f.difference())
                .containsExactly("a ready 9.60 4.80 4.80", "b ready 4.80 null null", "gone gone null 4.80 null");
        assertThat(AccountFigures.sums(figures))
                .extracting(s -> s.currency() + " " + s.total() + " " + s.before() + " " + s.difference())
                .containsExactly("EUR 14.40 9.60 4.80");
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a", "b");
        assertThat(ledger.rows("select month, approved_by, approved_at at time zone 'UTC', account, total, currency"
                        + " from approval a join approval_account on approval = id order by account"))
                .containsExactly(
                        "2026-10-01 maria 2026-11-03 00:00:00 a 9.60 EUR",
                        "2026-10-01 maria 2026-11-03 00:00:00 b 4.80 EUR");
    }

    @Test
    void aTotalThatChangedSinceItWasShownIssuesNothing() throws Exception {
        // given
        ledger.use("a", "b");
        Approval approval = approval(ledger.dataSource);
        ClosePreview shown = approval.show(CloseOrder.of(OCTOBER));

        // when
        ledger.use(OCTOBER, 1, List.of("b"));

        // then
        assertThatThrownBy(() -> approval.issue(shown, "maria", document -> {}))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(1))
                .hasMessage("totals of 2026-10 changed since they were shown: b from 4.80 EUR to 9.60 EUR; nothing was"
                        + " issued, look again: caravan approve 2026-10");
        assertThat(ledger.rows("select 1 from document union all select 1 from month union all select 1 from approval"))
                .isEmpty();
    }

    @Test
    void anAccountWhoseTotalChangesInTheMomentOfItsIssueStaysOpen() throws Exception {
        // given: usage enters when the issue transaction is about to lock the buckets
        ledger.use("a", "b");
        Trap trap =
                new Trap(ledger.dataSource, "for no key update", false, 1, c -> ledger.use(OCTOBER, 1, List.of("b")));
        Approval approval = approval(trap);

        // when
        CloseResult result = approval.issue(approval.show(CloseOrder.of(OCTOBER)), "maria", document -> {});

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(result.held())
                .containsExactly(new CloseResult.Held(
                        "b",
                        "its total is 9.60 EUR now, 4.80 EUR was approved; look at it again: caravan approve 2026-10"));
        assertThat(ledger.rows("select count(*) from month")).containsExactly("1");
    }

    @Test
    void whatIsHeldIsNotReadyAndWhatComesMeanwhileIsNotIssued() throws Exception {
        // given
        ledger.use(OCTOBER.minusMonths(1), 0, List.of("held"));
        ledger.use("a", "held");
        Approval approval = approval(ledger.dataSource);
        ClosePreview shown = approval.show(CloseOrder.of(OCTOBER));

        // when: another tenant's first usage
        ledger.use("new");
        CloseResult result = approval.issue(shown, "maria", document -> {});

        // then
        assertThat(shown.ready()).containsOnlyKeys("a");
        assertThat(shown.held()).extracting(CloseResult.Held::account).containsExactly("held");
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(ledger.rows("select account from document")).containsExactly("a");
    }

    @Test
    void whatAnotherIssuedMeanwhileIsSaid() throws Exception {
        // given
        ledger.use("a");
        Approval approval = approval(ledger.dataSource);
        ClosePreview shown = approval.show(CloseOrder.of(OCTOBER));

        // when
        ledger.closer().close(OCTOBER);

        // then
        assertThatThrownBy(() -> approval.issue(shown, "maria", document -> {}))
                .hasMessageContaining("a from 4.80 EUR to held or issued already");
        assertThat(ledger.rows("select count(*) from document")).containsExactly("1");
    }

    private Approval approval(DataSource through) {
        Closer closer = new Closer(
                through,
                ledger.identity,
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                new ClosePolicy(Duration.ofDays(1), true, false, true),
                List.of(),
                ledger.clock);
        return new Approval(ledger.dataSource, closer, ledger.clock);
    }
}
