package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreditsTest {
    private static final YearMonth MONTH = TestLedger.MONTH;
    private static final AccountProfiles TIED = AccountProfiles.parse(
            """
            accounts:
              acme:
                tenants: [a, b, c]
                lines: resource
                currency: NZD
                rate: 1.7
                discount: {flat: 1}
                taxes: [{name: GST, rate: 15}]
            """,
            "accounts.yaml");

    private final TestLedger ledger = TestLedger.invoicing();
    private final Credits credits = credits(ledger.dataSource);

    @Test
    void aWholeInvoiceIsTakenBack() throws Exception {
        // given
        IssuedDocument invoice = ledger.issued("a").get(0);
        List<String> entries = ledger.rows("select * from entry");

        // when
        Credit credit = credits.credit(all(invoice));

        // then
        IssuedDocument note = credit.note();
        assertThat(note.number()).isEqualTo("CN-2026-000001");
        assertThat(note.kind()).isEqualTo("credit-note");
        assertThat(note.key()).isEqualTo("test:a:2026-10:2");
        assertThat(note.total()).isEqualTo(new BigDecimal("-4.80"));
        assertThat(new Documents(ledger.dataSource).byNumber("CN-2026-000001")).containsExactly(note);
        Document document = body(note);
        assertThat(document).isEqualTo(credit.document());
        assertThat(document.corrects()).isEqualTo(invoice.key());
        assertThat(document.correctsNumber()).isEqualTo(invoice.number());
        assertThat(document.reason()).isEqualTo("billed twice");
        assertThat(document.issued()).isEqualTo(ledger.clock.instant());
        assertThat(ledger.rows("select corrects from document where kind = 'credit-note'"))
                .containsExactly(Long.toString(invoice.id()));
        assertThat(ledger.rows("select o.state from outbox o join document d on d.id = o.document where d.number = '"
                        + note.number() + "'"))
                .containsExactly("pending");
        assertThat(ledger.rows("select * from entry")).isEqualTo(entries);
        assertAuditHolds();
    }

    @Test
    void linesAreTakenBackOneAfterTheOtherUntilNothingIsLeft() throws Exception {
        // given: another currency, a flat discount and a tax
        IssuedDocument invoice = tied();
        assertThat(invoice.lines()).isEqualTo(3);

        // when
        Credit first = credits.credit(lines(invoice, 2));
        Credit second = credits.credit(lines(invoice, 1));
        Credit rest = credits.credit(all(invoice));

        // then
        assertThat(first.note().number()).isEqualTo("CN-2026-000001");
        assertThat(rest.note().number()).isEqualTo("CN-2026-000003");
        assertThat(rest.lines()).containsExactly(3);
        assertThat(rest.note().key()).isEqualTo("test:acme:2026-10:4");
        assertThat(rest.note().currency()).isEqualTo("NZD");
        assertThat(first.document().rate()).isEqualByComparingTo("1.7");
        assertThat(invoice.total()
                        .add(first.note().total())
                        .add(second.note().total())
                        .add(rest.note().total()))
                .isZero();
        assertThat(ledger.rows("select sum(exact) from document").get(0)).matches("0(\\.0+)?");
        assertAuditHolds();
    }

    @Test
    void anOrderRepeatedAfterItsAnswerWasLostFindsTheNoteThatDidIt() throws Exception {
        // given
        IssuedDocument invoice = tied();
        credits.credit(lines(invoice, 2));

        // when, then
        assertThatThrownBy(() -> credits.credit(lines(invoice, 2)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 2 of INV-2026-000001 is credited already, by CN-2026-000001")
                .hasMessageContaining("billed twice");
        credits.credit(all(invoice));
        assertThatThrownBy(() -> credits.credit(all(invoice)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("INV-2026-000001 is credited completely already, by CN-2026-000001")
                .hasMessageContaining("CN-2026-000002");
        assertThat(ledger.rows("select count(*), sum(total) from document")).containsExactly("3 0.00");
    }

    @Test
    void ofTwoThatCreditALineAtOnceOneDoesIt() throws Exception {
        // given
        IssuedDocument invoice = tied();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<String>> orders = new ArrayList<>();
        IntStream.range(0, 8)
                .forEach(i -> orders.add(() -> outcome(i % 2 == 0 ? all(invoice) : lines(invoice, 1 + i % 3))));

        // when
        List<String> outcomes = new ArrayList<>();
        for (Future<String> future : threads.invokeAll(orders)) {
            outcomes.add(future.get());
        }
        threads.shutdown();

        // then: each line once, numbers without a gap, nobody failed for another reason
        assertThat(outcomes).allMatch(outcome -> outcome.startsWith("CN-") || outcome.contains("already, by CN-"));
        List<String> issued =
                outcomes.stream().filter(o -> o.startsWith("CN-")).sorted().toList();
        assertThat(ledger.rows("select number from document where kind = 'credit-note' order by 1"))
                .isEqualTo(issued);
        assertThat(issued)
                .isEqualTo(IntStream.rangeClosed(1, issued.size())
                        .mapToObj(i -> "CN-2026-00000" + i)
                        .toList());
        assertThat(ledger.rows("select sum(total) from document")).containsExactly("0.00");
        assertThat(ledger.rows("select line from credit_line order by 1")).containsExactly("1", "2", "3");
        assertAuditHolds();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for no key update",
                "insert into document",
                "number_series",
                "insert into outbox",
                "insert into credit_line",
                "commit"
            })
    void aSessionKilledInsideTheTransactionIsTriedAgainAndCreditsOnce(String step) throws Exception {
        // given
        IssuedDocument invoice = tied();
        Trap trap = new Trap(ledger.dataSource, step, false, 1, Trap.killing(ledger.dataSource));

        // when
        Credit credit = credits(trap).credit(all(invoice));

        // then
        assertThat(credit.note().number()).isEqualTo("CN-2026-000001");
        assertThat(ledger.rows("select count(*), sum(total) from document")).containsExactly("2 0.00");
        assertThat(ledger.rows("select count(*), count(distinct note) from credit_line"))
                .containsExactly("3 1");
        assertAuditHolds();
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundAndAnswered() throws Exception {
        // given
        IssuedDocument invoice = tied();
        Trap trap = new Trap(ledger.dataSource, "commit", true, 1, Trap.killing(ledger.dataSource));

        // when
        Credit credit = credits(trap).credit(all(invoice));

        // then
        assertThat(new Documents(ledger.dataSource).byNumber("CN-2026-000001")).containsExactly(credit.note());
        assertThat(ledger.rows("select count(*) from document")).containsExactly("2");
    }

    @Test
    void aSessionKilledForGoodLeavesNothingBehind() throws Exception {
        // given
        IssuedDocument invoice = tied();
        Trap trap = new Trap(ledger.dataSource, "insert into credit_line", true, 9, Trap.killing(ledger.dataSource));

        // when
        assertThatThrownBy(() -> credits(trap).credit(all(invoice))).isInstanceOf(SQLException.class);

        // then: the next one gets the number that was never given
        assertThat(ledger.rows("select number from document")).containsExactly("INV-2026-000001");
        assertThat(credits.credit(all(invoice)).note().number()).isEqualTo("CN-2026-000001");
        assertAuditHolds();
    }

    @Test
    void aCreditOfALaterYearHasThatYearsNumberAndItsInvoicesMonth() throws Exception {
        // given
        List<IssuedDocument> invoices = ledger.issued("a", "b");
        credits.credit(all(invoices.get(0)));
        ledger.clock.move(Duration.ofDays(90));

        // when
        IssuedDocument note = credits.credit(all(invoices.get(1))).note();

        // then
        assertThat(note.number()).isEqualTo("CN-2027-000001");
        assertThat(note.month()).isEqualTo(MONTH);
        assertThat(note.key()).isEqualTo("test:b:2026-10:2");
        assertThat(body(note).issued()).isEqualTo(Instant.parse("2027-01-30T06:00:00Z"));
        assertAuditHolds();
    }

    @Test
    void theAccountsNextDocumentsOfTheMonthCountOn() throws Exception {
        // given: an account that gets another tenant's usage after its month was issued and credited
        Closer closer = ledger.closer(ledger.dataSource, TIED, CloseSettings.defaults());
        ledger.use("a");
        IssuedDocument invoice = closer.close(MONTH).issued().get(0);
        credits.credit(all(invoice));
        ledger.use("b");

        // when
        IssuedDocument second = closer.close(MONTH).issued().get(0);
        IssuedDocument note = credits.credit(all(second)).note();

        // then
        assertThat(second.key()).isEqualTo("test:acme:2026-10:3");
        assertThat(second.number()).isEqualTo("INV-2026-000002");
        assertThat(note.key()).isEqualTo("test:acme:2026-10:4");
        assertAuditHolds();
    }

    @Test
    void anOpenMonthOfTheAccountAndUsageThatEntersMeanwhileAreNotTouched() throws Exception {
        // given
        IssuedDocument invoice = ledger.issued("a").get(0);
        ledger.use(MONTH.plusMonths(1), 0, List.of("a"));
        List<String> months = ledger.rows("select * from month");

        // when
        credits.credit(all(invoice));
        ledger.use(MONTH.plusMonths(1), 1, List.of("a"));

        // then
        assertThat(ledger.rows("select * from month")).isEqualTo(months);
        ledger.clock.move(Duration.ofDays(31));
        List<IssuedDocument> next = ledger.closer().close(MONTH.plusMonths(1)).issued();
        assertThat(next).extracting(IssuedDocument::number).containsExactly("INV-2026-000002");
        assertThat(next.get(0).total()).isEqualTo(new BigDecimal("9.60"));
        assertAuditHolds();
    }

    @Test
    void anotherAccountsInvoiceIsNotTouched() throws Exception {
        // given
        List<IssuedDocument> invoices = ledger.issued("a", "b");

        // when
        Credit credit = credits.credit(all(invoices.get(1)));

        // then
        assertThat(credit.note().account()).isEqualTo("b");
        assertThat(ledger.rows("select d.account from credit_line c join document d on d.id = c.document"))
                .containsExactly("b");
        assertThat(credits.preview(all(invoices.get(0))).document().total()).isEqualTo("-4.80");
    }

    @Test
    void aPreviewSaysWhatWouldBeIssuedAndChangesNothing() throws Exception {
        // given
        IssuedDocument invoice = tied();

        // when
        Credit preview = credits.preview(lines(invoice, 1, 3));

        // then
        assertThat(preview.note()).isNull();
        assertThat(ledger.rows("select number from document")).containsExactly("INV-2026-000001");
        assertThat(ledger.rows("select kind from number_series")).containsExactly("invoice");
        Credit credit = credits.credit(lines(invoice, 1, 3));
        assertThat(credit.document().total()).isEqualTo(preview.document().total());
        assertThat(credit.document().sections()).isEqualTo(preview.document().sections());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INV-2026-00001 | 1 | no document INV-2026-00001; did you mean 'INV-2026-000001'?",
                "Rechnung 7 | 1 | no document Rechnung 7; caravan invoices lists the documents",
                "INV-2026-000001 | 4 | INV-2026-000001 has no line 4, its lines are 1 to 3",
                "INV-2026-000001 | 0 | INV-2026-000001 has no line 0, its lines are 1 to 3",
                "CN-2026-000001 | 1 | CN-2026-000001 is a credit note itself",
            })
    void whatCanNotBeCreditedIsRefused(String number, int line, String message) throws Exception {
        // given
        IssuedDocument invoice = tied();
        credits.credit(lines(invoice, 2));

        // when, then
        assertThatThrownBy(() -> credits.credit(new CreditOrder(number, new TreeSet<>(List.of(line)), "x")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
        assertThat(ledger.rows("select count(*) from document")).containsExactly("2");
    }

    @Test
    void aProformaIsRefused() throws Exception {
        // given
        TestLedger proforma = TestLedger.proforma();
        IssuedDocument document = proforma.issued("a").get(0);

        // when, then
        assertThatThrownBy(() -> credits(proforma.dataSource).credit(all(document)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is a proforma");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n ", "\u0000", "\ud800"})
    void aReasonThatSaysNothingIsRefused(String reason) {
        // given a reason
        // when, then
        assertThatThrownBy(() -> new CreditOrder("INV-2026-000001", null, reason))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> new CreditOrder("INV-2026-000001", null, "x".repeat(1001)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("1001 characters");
        assertThat(new CreditOrder("INV-2026-000001", null, " two\n lines ").reason())
                .isEqualTo("two lines");
    }

    private IssuedDocument tied() throws SQLException {
        ledger.use("a", "b", "c");
        return ledger.closer(ledger.dataSource, TIED, CloseSettings.defaults())
                .close(MONTH)
                .issued()
                .get(0);
    }

    private String outcome(CreditOrder order) throws SQLException {
        try {
            return credits.credit(order).note().number();
        } catch (UserError e) {
            return e.getMessage();
        }
    }

    private Credits credits(DataSource through) {
        return new Credits(through, CloseSettings.defaults(), ledger.clock);
    }

    private static CreditOrder all(IssuedDocument invoice) {
        return new CreditOrder(invoice.number(), null, "billed twice");
    }

    private static CreditOrder lines(IssuedDocument invoice, Integer... lines) {
        return new CreditOrder(invoice.number(), new TreeSet<>(List.of(lines)), "billed twice");
    }

    private Document body(IssuedDocument document) throws SQLException {
        String body = new Documents(ledger.dataSource).body(document.id());
        return DocumentJson.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private void assertAuditHolds() throws SQLException {
        assertThat(Audit.run(ledger.dataSource))
                .allSatisfy(check -> assertThat(check.findings()).isEmpty());
    }
}
