package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.caravan.common.Json;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LockWait;
import org.caravan.ledger.MonthStates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloserTest {
    private static final YearMonth MONTH = TestLedger.MONTH;

    @Test
    void everyTenantGetsOneDocumentInOrderOfName() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("b", "a.b", "A", "ü:x");

        // when
        CloseResult result = ledger.closer().close(MONTH);

        // then
        assertThat(result.held()).isEmpty();
        assertThat(result.issued())
                .extracting(IssuedDocument::account, IssuedDocument::number, IssuedDocument::key)
                .containsExactly(
                        tuple("A", "INV-2026-000001", "test:A:2026-10:1"),
                        tuple("a.b", "INV-2026-000002", "test:a.b:2026-10:1"),
                        tuple("b", "INV-2026-000003", "test:b:2026-10:1"),
                        tuple("ü:x", "INV-2026-000004", "test:%C3%BC%3Ax:2026-10:1"));
        IssuedDocument first = result.issued().get(0);
        assertThat(first.total()).isEqualTo(new BigDecimal("4.80"));
        assertThat(first.exact()).isEqualByComparingTo("4.8");
        assertThat(first.lines()).isEqualTo(1);
        assertThat(first.currency()).isEqualTo("EUR");
        assertThat(new Documents(ledger.dataSource).ofMonth(MONTH)).isEqualTo(result.issued());
        JsonNode body = Json.mapper().readTree(new Documents(ledger.dataSource).body(first.id()));
        assertThat(body.get("key").textValue()).isEqualTo(first.key());
        assertThat(body.get("number").textValue()).isEqualTo(first.number());
        assertThat(ledger.rows("select digest = sha256(convert_to(body, 'UTF8')) from document"))
                .containsOnly("t");
        assertThat(ledger.rows("select state, count(*) from outbox group by 1")).containsExactly("pending 4");
        assertThat(ledger.rows("select m.state, count(*) from month m join document d on d.id = m.document group by 1"))
                .containsExactly("closed 4");
    }

    @Test
    void closingAgainGivesNothingNew() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        List<IssuedDocument> before = ledger.issued("a", "b");

        // when
        CloseResult again = ledger.closer().close(MONTH);

        // then
        assertThat(again.issued()).isEmpty();
        assertThat(again.held()).isEmpty();
        assertThat(new Documents(ledger.dataSource).ofMonth(MONTH)).isEqualTo(before);
        assertThat(ledger.rows("select last from number_series")).containsExactly("2");
    }

    @Test
    void aMonthWithoutUsageGivesNoDocument() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a");

        // when
        CloseResult result = ledger.closer().close(MONTH.minusMonths(1));

        // then
        assertThat(result.issued()).isEmpty();
        assertThat(ledger.rows("select 1 from month union all select 1 from number_series"))
                .isEmpty();
    }

    @Test
    void onlyTheGivenAccountsAreClosed() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b", "c");

        // when
        List<IssuedDocument> first =
                ledger.closer().close(MONTH, Set.of("b"), d -> {}).issued();
        List<IssuedDocument> rest = ledger.closer().close(MONTH).issued();

        // then
        assertThat(first).extracting(IssuedDocument::account).containsExactly("b");
        assertThat(rest).extracting(IssuedDocument::account).containsExactly("a", "c");
        assertThat(rest).extracting(IssuedDocument::number).containsExactly("INV-2026-000002", "INV-2026-000003");
    }

    @Test
    void tenantsOfOneAccountShareADocument() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b", "c", "d");
        AccountProfiles profiles = AccountProfiles.parse(
                """
                accounts:
                  acme:
                    tenants: [b, d]
                """,
                "accounts.yaml");

        // when
        CloseResult result = ledger.closer(ledger.dataSource, profiles, CloseSettings.defaults())
                .close(MONTH);

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a", "c", "acme");
        assertThat(result.issued().get(2).total()).isEqualTo(new BigDecimal("9.60"));
        assertThat(ledger.rows("select d.account, count(*) from month m join document d on d.id = m.document"
                        + " group by 1 order by 1"))
                .containsExactly("a 1", "acme 2", "c 1");
    }

    @Test
    void anAccountThatIsNotBilledStaysOpenAndIsReported() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "free");
        AccountProfiles profiles = AccountProfiles.parse(
                """
                accounts:
                  free:
                    bill: false
                """,
                "accounts.yaml");

        // when
        CloseResult result = ledger.closer(ledger.dataSource, profiles, CloseSettings.defaults())
                .close(MONTH);

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(result.held())
                .containsExactly(new CloseResult.Held(
                        "free", "its profile says bill: false; set bill: true in the accounts file to have it billed"));
        assertThat(ledger.rows("select t.name from month m join tenant t on t.id = m.tenant"))
                .containsExactly("a");
    }

    @Test
    void usageThatEntersAfterTheDraftIsInTheDocument() throws Exception {
        // given: more usage of a and c enters when the issue transaction is about to lock its buckets
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b", "c");
        Trap trap = new Trap(
                ledger.dataSource, "for no key update", false, 1, c -> ledger.use(MONTH, 1, List.of("a", "c")));

        // when
        CloseResult result = ledger.closer(trap, AccountProfiles.none(), CloseSettings.defaults())
                .close(MONTH);

        // then
        assertThat(result.issued())
                .extracting(d -> d.account() + " " + d.total())
                .containsExactly("a 9.60", "b 4.80", "c 9.60");
        assertThat(ledger.rows("select count(*) from entry where billing_month <> '2026-10-01'"))
                .containsExactly("0");
    }

    @Test
    void aDocumentsSumsAreTheLedgersAtTheMomentOfItsIssue() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use(MONTH, 0, tenants(40));

        // when: usage enters while the month is closed in small chunks
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Future<?> ingest = pool.submit(() -> {
                for (int hour = 1; hour <= 20; hour++) {
                    ledger.use(MONTH, hour, tenants(40));
                }
            });
            Future<CloseResult> close =
                    pool.submit(() -> ledger.closer(ledger.dataSource, AccountProfiles.none(), settings(3, 3))
                            .close(MONTH));
            ingest.get();
            close.get();
        } finally {
            pool.shutdownNow();
        }
        CloseResult rest = ledger.closer().close(MONTH);
        ledger.clock.move(Duration.ofDays(30));
        CloseResult next = ledger.closer().close(MONTH.plusMonths(1));

        // then: every entry is in exactly one document
        assertThat(rest.issued()).isEmpty();
        assertThat(next.held()).isEmpty();
        assertThat(ledger.rows("select (select sum(exact) from document) = (select sum(amount) from entry)"))
                .containsExactly("t");
        assertThat(ledger.rows("select sum(amount) = 40 * 21 * 4.8 from entry")).containsExactly("t");
    }

    @Test
    void fourClosersAtOnceIssueEachDocumentOnceWithoutANumberGap() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use(MONTH, 0, tenants(200));

        // when
        List<IssuedDocument> issued = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<CloseResult>> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Closer closer = ledger.closer(ledger.dataSource, AccountProfiles.none(), settings(7 + i, 3));
                closers.add(() -> closer.close(MONTH));
            }
            for (Future<CloseResult> result : pool.invokeAll(closers)) {
                assertThat(result.get().held()).isEmpty();
                issued.addAll(result.get().issued());
            }
        } finally {
            pool.shutdownNow();
        }

        // then
        assertThat(issued).extracting(IssuedDocument::account).containsExactlyInAnyOrderElementsOf(tenants(200));
        assertThat(issued)
                .extracting(IssuedDocument::number)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 200)
                        .mapToObj(n -> String.format("INV-2026-%06d", n))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "insert into month,          false",
        "insert into number_series,  false",
        "insert into document,       false",
        "insert into outbox,         false",
        "state = 'closed',           false",
        "commit,                     false",
        "commit,                     true",
    })
    void aSessionKilledWithinTheIssueTransactionCostsNoNumberAndNoDocument(String step, boolean after)
            throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b", "c");
        Trap trap = new Trap(ledger.dataSource, step, after, 1, Trap.killing(ledger.dataSource));

        // when
        CloseResult result =
                ledger.closer(trap, AccountProfiles.none(), settings(2, 3)).close(MONTH);

        // then
        assertThat(result.issued())
                .extracting(d -> d.account() + " " + d.number())
                .containsExactly("a INV-2026-000001", "b INV-2026-000002", "c INV-2026-000003");
        assertThat(new Documents(ledger.dataSource).ofMonth(MONTH)).isEqualTo(result.issued());
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert into number_series", "insert into outbox", "commit"})
    void aCloseThatBreaksOffLeavesAllOrNothingAndGoesOnWhereItStopped(String step) throws Exception {
        // given: no second try, and the second of three chunks dies
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b", "c");
        int[] left = {1};
        Trap trap = new Trap(ledger.dataSource, step, false, 2, connection -> {
            if (left[0]-- == 0) {
                Trap.killing(ledger.dataSource).run(connection);
            }
        });

        // when
        assertThatThrownBy(() -> ledger.closer(trap, AccountProfiles.none(), settings(1, 1))
                        .close(MONTH))
                .isInstanceOf(SQLException.class);
        List<String> between = ledger.rows("select account, number from document order by id");
        List<String> months = ledger.rows("select state from month");
        CloseResult rest = ledger.closer().close(MONTH);

        // then
        assertThat(between).containsExactly("a INV-2026-000001");
        assertThat(months).containsExactly("closed");
        assertThat(rest.issued())
                .extracting(d -> d.account() + " " + d.number())
                .containsExactly("b INV-2026-000002", "c INV-2026-000003");
    }

    @Test
    void anAccountThatCannotBeIssuedIsHeldAndTheOthersGoOn() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "bad", "c");
        ledger.execute("alter table document add constraint no_bad check (account <> 'bad')");

        // when
        CloseResult result = ledger.closer().close(MONTH);

        // then
        assertThat(result.issued())
                .extracting(d -> d.account() + " " + d.number())
                .containsExactly("a INV-2026-000001", "c INV-2026-000002");
        assertThat(result.held()).singleElement().satisfies(held -> {
            assertThat(held.account()).isEqualTo("bad");
            assertThat(held.reason()).contains("can't be issued").contains("no_bad");
        });
        assertThat(ledger.rows("select count(*) from month")).containsExactly("2");
    }

    @Test
    void aMonthThatAnotherClaimedIsLeftToItUntilItsLeaseLapses() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b");
        claimed(ledger, "a", "3 minutes");

        // when
        CloseResult during = ledger.closer().close(MONTH);
        ledger.execute("update month set lease_until = now() where state = 'closing'");
        CloseResult after = ledger.closer().close(MONTH);

        // then
        assertThat(during.issued()).extracting(IssuedDocument::account).containsExactly("b");
        assertThat(during.held()).isEmpty();
        assertThat(during.elsewhere()).containsExactly("a");
        assertThat(after.issued()).extracting(IssuedDocument::account).containsExactly("a");
        assertThat(after.elsewhere()).isEmpty();
    }

    @Test
    void aClaimFromAClockThatWasPutBackSinceIsNone() throws Exception {
        // given: a lease of five minutes that would end in an hour
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a");
        claimed(ledger, "a", "1 hour");

        // when
        CloseResult result = ledger.closer().close(MONTH);

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
    }

    @Test
    void aHubThatIsAloneNeedNotWaitForTheClaimsOfAKilledOne() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a");
        claimed(ledger, "a", "3 minutes");

        // when
        Leases.lapseAll(ledger.dataSource);
        CloseResult result = ledger.closer().close(MONTH);

        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a");
    }

    @Test
    void aTenantThatAnotherClaimedKeepsItsWholeAccountBack() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b");
        claimed(ledger, "b", "3 minutes");
        AccountProfiles profiles = AccountProfiles.parse("accounts: {acme: {tenants: [a, b]}}", "accounts.yaml");

        // when
        CloseResult result = ledger.closer(ledger.dataSource, profiles, CloseSettings.defaults())
                .close(MONTH);

        // then
        assertThat(result.issued()).isEmpty();
        assertThat(result.elsewhere()).containsExactly("acme");
        assertThat(ledger.rows("select t.name, m.owner from month m join tenant t on t.id = m.tenant"))
                .containsExactly("b another");
    }

    @Test
    void aHubFrozenInItsClaimDoesNotStopTheOthers() throws Exception {
        // given: a transaction that has claimed a's month and says nothing more
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b");
        int a = Integer.parseInt(
                ledger.rows("select id from tenant where name = 'a'").get(0));
        CloseSettings impatient = new CloseSettings(100, 20_000, Duration.ofSeconds(3), Duration.ofMinutes(5), 3);
        try (Connection frozen = ledger.dataSource.getConnection()) {
            frozen.setAutoCommit(false);
            LockWait.begin(frozen, Duration.ofSeconds(3));
            MonthStates.claim(frozen, Set.of(a), MONTH, "frozen", Duration.ofMinutes(5));

            // when
            CloseResult result = ledger.closer(ledger.dataSource, AccountProfiles.none(), impatient)
                    .close(MONTH);

            // then
            assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a", "b");
            assertThat(frozen.isValid(5)).isFalse();
        }
    }

    @Test
    void unrolledUsageOfEarlierMonthsIsRolledUpBeforeItIsLookedThrough() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use(MONTH.minusMonths(1), 0, List.of("a"));
        ledger.use("a", "b");

        // when
        CloseResult result = ledger.closer().close(MONTH);

        // then
        assertThat(ledger.rows("select count(*) from batch where rolled_at is null"))
                .containsExactly("0");
        assertThat(result.issued())
                .extracting(d -> d.account() + " " + d.total())
                .containsExactly("b 4.80");
        assertThat(result.held()).extracting(CloseResult.Held::account).containsExactly("a");
    }

    private static void claimed(TestLedger ledger, String tenant, String lease) throws SQLException {
        ledger.execute("insert into month (tenant, month, state, owner, lease_until) select id, '2026-10-01',"
                + " 'closing', 'another', now() + interval '" + lease + "' from tenant where name = '" + tenant + "'");
    }

    @Test
    void usageOfAClosedAccountsNewTenantBecomesASecondDocument() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        AccountProfiles profiles = AccountProfiles.parse("accounts: {acme: {tenants: [a, b]}}", "accounts.yaml");
        Closer closer = ledger.closer(ledger.dataSource, profiles, CloseSettings.defaults());
        ledger.use("a");
        closer.close(MONTH);

        // when
        ledger.use("b");
        List<IssuedDocument> second = closer.close(MONTH).issued();

        // then
        assertThat(second).extracting(IssuedDocument::key).containsExactly("test:acme:2026-10:2");
        assertThat(second).extracting(IssuedDocument::number).containsExactly("INV-2026-000002");
    }

    @Test
    void aYearHasASeriesOfItsOwn() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        ledger.use(YearMonth.of(2026, 12), 0, List.of("a", "b"));
        ledger.use(YearMonth.of(2027, 1), 0, List.of("a", "b"));

        // when
        ledger.clock.move(Duration.ofDays(92));
        ledger.closer().close(YearMonth.of(2026, 12));
        ledger.closer().close(YearMonth.of(2027, 1));

        // then
        assertThat(ledger.rows("select number from document order by id"))
                .containsExactly("INV-2026-000001", "INV-2026-000002", "INV-2027-000001", "INV-2027-000002");
    }

    @Test
    void aProformaLedgerNumbersByMonthAndSaysSoInTheDocument() throws Exception {
        // given
        TestLedger ledger = TestLedger.proforma();

        // when
        List<IssuedDocument> issued = ledger.issued("a", "b");

        // then
        assertThat(issued).extracting(IssuedDocument::number).containsExactly("P-2026-10-0001", "P-2026-10-0002");
        assertThat(issued).allMatch(IssuedDocument::proforma);
        assertThat(new Documents(ledger.dataSource).body(issued.get(0).id())).contains("\"proforma\":true");
    }

    @Test
    void aLedgerWithoutCurrencyCannotBeClosed() {
        // given
        TestLedger ledger = TestLedger.invoicing();
        LedgerSchema.Identity identity = new LedgerSchema.Identity("test", null, false);

        // when / then
        assertThatThrownBy(() -> new Closer(
                        ledger.dataSource,
                        identity,
                        AccountProfiles.none(),
                        Map.of(),
                        CloseSettings.defaults(),
                        ledger.clock))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no currency");
    }

    private static CloseSettings settings(int accounts, int attempts) {
        CloseSettings defaults = CloseSettings.defaults();
        return new CloseSettings(
                accounts, defaults.sumsPerTransaction(), defaults.lockWait(), defaults.lease(), attempts);
    }

    private static List<String> tenants(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format("tenant-%03d", i))
                .toList();
    }
}
