package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.ledger.Sources;
import org.caravan.ledger.TenantRef;
import org.junit.jupiter.api.Test;

/** Each reason that keeps a month open: it holds, says how it ends, and ends so. */
class HoldsTest {
    private static final YearMonth OCTOBER = TestLedger.MONTH;
    private static final ClosePolicy STRICT = new ClosePolicy(Duration.ofDays(1), false, false, false);

    private final TestLedger ledger = TestLedger.invoicing();
    private final Sources sources = new Sources(ledger.dataSource, ledger.clock);

    @Test
    void theGraceHoldsTheMonthUntilItIsOver() throws Exception {
        // given: six hours after October
        ledger.use("a");

        // when
        CloseResult during = close();
        ledger.clock.moveTo("2026-11-02T00:00:00Z");
        CloseResult after = close();

        // then
        assertThat(texts(during))
                .containsExactly("2026-10 waits for late usage until 2026-11-02T00:00:00Z;"
                        + " wait, or shorten caravan.close.grace");
        assertThat(during.issued()).isEmpty();
        assertThat(ledger.rows("select count(*) from document")).containsExactly("1");
        assertThat(after.isComplete()).isTrue();
    }

    @Test
    void aConfiguredSourceHoldsTheMonthUntilItIsRatedToItsEnd() throws Exception {
        // given
        afterGrace();
        ledger.use("a");
        sources.configure("gnocchi", "gnocchi");
        sources.configure("gone", "kafka");
        sources.forget("gone");

        // when
        CloseResult never = close();
        sources.ratedUntil("gnocchi", Instant.parse("2026-10-31T23:00:00Z"), false);
        sources.failed("gnocchi", "connection refused");
        CloseResult early = close();
        sources.ratedUntil("gnocchi", Instant.parse("2026-11-01T00:00:00Z"), false);
        CloseResult rated = close();

        // then
        assertThat(texts(never))
                .containsExactly("source gnocchi has never reported how far it is rated, not until the end of 2026-10;"
                        + " let it catch up, or say that it is complete: caravan sources done gnocchi 2026-10");
        assertThat(texts(early)).singleElement().satisfies(text -> assertThat(text)
                .startsWith("source gnocchi is rated until 2026-10-31T23:00:00Z, not until the end of 2026-10 (its last"
                        + " error: connection refused);"));
        assertThat(rated.issued()).hasSize(1);
    }

    @Test
    void usageWithoutAPriceHoldsItsTenantWhereItIsTo() throws Exception {
        // given
        afterGrace();
        ledger.use("a", "b");
        ledger.useUnpriced(OCTOBER, 7, "b");

        // when
        CloseResult strict = close();
        CloseResult allowed = close(ClosePolicy.defaults());

        // then
        assertThat(strict.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(strict.held())
                .containsExactly(new CloseResult.Held(
                        "b",
                        "tenant b has usage of 2026-10 without a price, which would be billed as 0 (product m1.small;"
                                + " records: 1); accept it with --force, or set caravan.close.unpriced=allow"));
        assertThat(allowed.issued()).extracting(IssuedDocument::account).containsExactly("b");
    }

    @Test
    void usageWithoutAPriceThatEntersBetweenDraftAndIssueHolds() throws Exception {
        // given
        afterGrace();
        ledger.use("a");
        Trap trap =
                new Trap(ledger.dataSource, "for no key update", false, 1, c -> ledger.useUnpriced(OCTOBER, 7, "a"));
        Closer closer = new Closer(
                trap,
                ledger.identity,
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                STRICT,
                List.of(),
                ledger.clock);

        // when
        CloseResult result = closer.close(CloseOrder.of(OCTOBER), document -> {});

        // then
        assertThat(result.issued()).isEmpty();
        assertThat(result.held()).extracting(CloseResult.Held::account).containsExactly("a");
    }

    @Test
    void aRecordInQuarantineHoldsItsTenantOrEveryone() throws Exception {
        // given: one of b, one of a tenant without other usage, one of b's September
        afterGrace();
        ledger.use("a", "b");
        quarantined("b", "2026-10-01");
        quarantined("unknown", "2026-10-01");
        quarantined("a", "2026-09-01");

        // when
        CloseResult ofTenant = close();
        quarantined(null, null);
        CloseResult ofAll = close();
        ledger.execute("update quarantine set state = 'dropped'");
        CloseResult dropped = close();

        // then
        assertThat(ofTenant.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(ofTenant.held())
                .containsExactly(new CloseResult.Held(
                        "b",
                        "in quarantine is what may be usage of 2026-10 of tenant b: 1 record, the first with id 1 (bad);"
                                + " accept, retry or drop it with caravan quarantine, or set"
                                + " caravan.close.quarantine=allow"));
        assertThat(ofAll.issued()).isEmpty();
        assertThat(texts(ofAll)).singleElement().satisfies(text -> assertThat(text)
                .startsWith("in quarantine is what may be usage of 2026-10 of any tenant: 1 record"));
        assertThat(dropped.issued()).extracting(IssuedDocument::account).containsExactly("b");
    }

    @Test
    void aRecordWithoutAMonthCannotBeOfOneThatBeganAfterItWasRead() throws Exception {
        // given
        afterGrace();
        ledger.use("a");
        quarantined(null, null);
        ledger.execute("update quarantine set created_at = '2026-09-30 23:59Z'");

        // when, then
        assertThat(close().issued()).hasSize(1);
    }

    @Test
    void quarantineDoesNotHoldWhereItIsAllowed() throws Exception {
        // given
        afterGrace();
        ledger.use("a");
        quarantined(null, null);

        // when
        CloseResult result = close(new ClosePolicy(Duration.ofDays(1), true, true, false));

        // then
        assertThat(result.issued()).hasSize(1);
    }

    @Test
    void anAccountThatIsNotBilledSaysHowItWouldBe() throws Exception {
        // given
        afterGrace();
        ledger.use("a", "free");

        // when
        CloseResult result = ledger.closer(
                        STRICT, AccountProfiles.parse("accounts: {free: {bill: false}}", "accounts.yaml"))
                .close(CloseOrder.of(OCTOBER), document -> {});

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(result.held())
                .containsExactly(new CloseResult.Held(
                        "free", "its profile says bill: false; set bill: true in the accounts file to have it billed"));
    }

    @Test
    void forceOverridesWhatItMayAndSaysSo() throws Exception {
        // given: everything at once, and for c an earlier month
        ledger.use("a", "b", "c");
        ledger.use(OCTOBER.minusMonths(1), 0, List.of("c"));
        ledger.useUnpriced(OCTOBER, 7, "b");
        quarantined("a", "2026-10-01");
        quarantined(null, null);
        sources.configure("inbox", "files");

        // when
        CloseResult result = ledger.closer(STRICT, AccountProfiles.none())
                .close(CloseOrder.of(OCTOBER).forced(), document -> {});

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a", "b");
        assertThat(result.held()).singleElement().satisfies(held -> {
            assertThat(held.account()).isEqualTo("c");
            assertThat(held.reason()).startsWith("2026-09 is still open for c");
        });
        assertThat(result.holds()).isEmpty();
        assertThat(result.overridden())
                .extracting(Hold::kind)
                .containsExactlyInAnyOrder("grace", "source", "quarantine", "quarantine", "unpriced");
    }

    @Test
    void whatIsClosedIsHeldByNothing() throws Exception {
        // given
        ledger.issued("a");
        quarantined(null, null);

        // when
        CloseResult result = close();

        // then
        assertThat(result.isComplete()).isTrue();
        assertThat(ledger.closer(STRICT, AccountProfiles.none()).closeDue()).isEmpty();
    }

    @Test
    void anotherPartOfCaravanAddsARuleOfItsOwn() throws Exception {
        // given
        afterGrace();
        ledger.use("a", "b");
        TenantRef b = new TenantRef(id("b"), "default", "b", 0);
        HoldRule noCost =
                (connection, scope) -> List.of(new Hold("cost", false, b, "no cost price of m1.small", "add it"));
        Closer closer = new Closer(
                ledger.dataSource,
                ledger.identity,
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                STRICT,
                List.of(noCost),
                ledger.clock);

        // when
        CloseResult result = closer.close(CloseOrder.of(OCTOBER).forced(), document -> {});

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(result.held()).containsExactly(new CloseResult.Held("b", "no cost price of m1.small; add it"));
    }

    @Test
    void closingByItselfTakesTheOldestMonthFirstAndGoesOnAfterAnErrorInOne() throws Exception {
        // given: September can't be written, August and October can; b has no September
        YearMonth august = YearMonth.of(2026, 8);
        ledger.use(august, 0, List.of("a"));
        ledger.use(august.plusMonths(1), 0, List.of("a"));
        ledger.use(OCTOBER, 0, List.of("a", "b"));
        afterGrace();
        ledger.execute("alter table document add constraint no_september check (month <> '2026-09-01')");

        // when
        List<CloseResult> broken = ledger.closer(STRICT, AccountProfiles.none()).closeDue();
        ledger.execute("alter table document drop constraint no_september");
        List<CloseResult> mended = ledger.closer(STRICT, AccountProfiles.none()).closeDue();

        // then
        assertThat(broken)
                .extracting(result -> result.month() + " " + result.issued().size() + " issued, "
                        + result.held().size() + " held")
                .containsExactly("2026-08 1 issued, 0 held", "2026-09 0 issued, 1 held", "2026-10 1 issued, 1 held");
        assertThat(mended).extracting(result -> result.month().toString()).containsExactly("2026-09", "2026-10");
        assertThat(ledger.rows("select key from document order by id"))
                .containsExactly("test:a:2026-08:1", "test:b:2026-10:1", "test:a:2026-09:1", "test:a:2026-10:1");
    }

    @Test
    void whereAPersonApprovesNothingClosesByItself() throws Exception {
        // given
        afterGrace();
        ledger.use("a");

        // when
        List<CloseResult> due = ledger.closer(
                        new ClosePolicy(Duration.ofDays(1), true, false, true), AccountProfiles.none())
                .closeDue();

        // then
        assertThat(due).isEmpty();
        assertThat(ledger.rows("select 1 from document")).isEmpty();
    }

    private void afterGrace() {
        ledger.clock.moveTo("2026-11-02T00:00:00Z");
    }

    private CloseResult close() throws SQLException {
        return close(STRICT);
    }

    private CloseResult close(ClosePolicy policy) throws SQLException {
        return ledger.closer(policy, AccountProfiles.none()).close(CloseOrder.of(OCTOBER), document -> {});
    }

    private static List<String> texts(CloseResult result) {
        return result.holds().stream().map(Hold::text).toList();
    }

    private int id(String tenant) throws SQLException {
        return Integer.parseInt(ledger.rows("select id from tenant where name = '" + tenant + "'")
                .get(0));
    }

    private void quarantined(String tenant, String month) throws SQLException {
        ledger.execute("insert into quarantine (kind, reason, tenant, usage_month, batch) values ('unusable', 'bad', "
                + (tenant == null ? "null" : "'" + tenant + "'") + ", " + (month == null ? "null" : "'" + month + "'")
                + ", 0)");
    }
}
