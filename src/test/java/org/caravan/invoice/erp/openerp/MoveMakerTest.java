package org.caravan.invoice.erp.openerp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Rounding;
import org.caravan.invoice.document.Sums;
import org.caravan.ledger.EntryKind;
import org.junit.jupiter.api.Test;

/** What a document looks like in Odoo, and what is refused before anything is made. */
class MoveMakerTest {
    private boolean taxPerLine;

    private Move make(Document document, String... settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("url", "http://localhost", "database", "d", "user", "u", "password", "p"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        Books books = new Books(
                1,
                "Our Company",
                1,
                "product",
                taxPerLine,
                Map.of(
                        "NZD",
                        new Books.Currency(7, true, 2),
                        "EUR",
                        new Books.Currency(8, false, 2),
                        "BHD",
                        new Books.Currency(9, true, 2)),
                List.of(
                        new Books.Tax(11, "Tax 15%", new BigDecimal("15.0"), true),
                        new Books.Tax(12, "20%", new BigDecimal("20.0"), true),
                        new Books.Tax(13, "VAT", new BigDecimal("20.0"), true),
                        new Books.Tax(14, "Included", new BigDecimal("10.0"), false)),
                2,
                2);
        return new MoveMaker(OpenErpSettings.of(all), books).make(document, "ff");
    }

    private static List<String> lines(Move move) {
        return move.lines().stream()
                .map(line -> line.kind() == Move.Kind.AMOUNT
                        ? line.text() + " | " + line.quantity().toPlainString() + " x "
                                + line.price().toPlainString() + (line.taxed() ? "" : " untaxed")
                        : line.kind() + " " + line.text())
                .toList();
    }

    private static List<BigDecimal> amounts(Move move) {
        return List.of(move.untaxed(), move.tax(), move.total());
    }

    private static BigDecimal number(String text) {
        return new BigDecimal(text);
    }

    @Test
    void eachDatacenterIsASectionAndEachLineBearsItsUsageAsText() {
        // given
        Sums sums = Sums.of()
                .in("wlg")
                .use("vm1", "m1.small", "hour", "744", "0.048")
                .useFor("net", "n1.national-in", "GB", "10.12345678", "1.005")
                .in("por")
                .late(EntryKind.ADJUSTMENT, Sums.MONTH.minusMonths(1), "vm2", "m1.small", "2", "0.048")
                .in("")
                .use("x", "support", "", "1", "10");
        // when
        Move move = make(Invoices.of("acme", new Sums.Profile(), sums));
        // then
        assertThat(lines(move))
                .containsExactly(
                        "SECTION No datacenter",
                        "support: 1 at 10 | 1 x 10.00",
                        "SECTION Datacenter por",
                        "m1.small: 2 hour at 0.048, adjustment, usage of 2026-09 | 1 x 0.10",
                        "SECTION Datacenter wlg",
                        "m1.small: 744 hour at 0.048 | 1 x 35.71",
                        "n1.national-in: 10.123457 GB at about 0.099274 (effective price: the amount is not linear in the"
                                + " quantity) | 1 x 1.01");
        assertThat(amounts(move)).containsExactly(number("46.82"), number("0.00"), number("46.82"));
    }

    @Test
    void whatAPolicyRoundsBeyondItsLinesIsALineOfItsOwn() {
        // given: items to a tenth of a cent, the section to cents
        Sums sums = Sums.of()
                .use("a", "x", "hour", "1", "0.014")
                .use("b", "y", "hour", "1", "0.014")
                .use("c", "z", "hour", "1", "0.014");
        Document document = Invoices.of("acme", new Sums.Profile().rounding(Rounding.reseller(BigDecimal.ZERO)), sums);
        // when
        Move move = make(document);
        // then
        assertThat(document.total()).isEqualByComparingTo("0.04");
        assertThat(lines(move)).contains("Rounding | 1 x 0.01").hasSize(5);
        assertThat(move.total()).isEqualByComparingTo("0.04");
    }

    @Test
    void discountAndTaxesComeToTheDocumentsCents() {
        // given
        Document document = Invoices.of(
                "acme", new Sums.Profile().discount("10", "1").tax("GST", "15").tax("Levy", "2"));
        // when
        Move move = make(document, "taxes", "Levy=line");
        // then
        assertThat(lines(move)).contains("Discount 10 % and 1 | 1 x -4.62", "Levy 2 % | 1 x 0.63 untaxed");
        assertThat(move.taxes()).containsExactly(11L);
        assertThat(move.tax()).isEqualByComparingTo(document.taxes().get(0).amount());
        assertThat(move.total()).isEqualByComparingTo(document.total());
    }

    @Test
    void aTaxIsTheOneThatTheSettingsNameOrTheOnlyOneOfItsRate() {
        // given
        Document vat = Invoices.of("acme", new Sums.Profile().tax("VAT", "20"));
        Document other = Invoices.of("acme", new Sums.Profile().tax("MwSt", "20"));
        // when / then: two have that rate, one of them that name
        assertThat(make(vat).taxes()).containsExactly(13L);
        assertThat(make(other, "taxes", "MwSt=20%").taxes()).containsExactly(12L);
        assertThat(make(other, "taxes", "MwSt 20=13; MwSt=12").taxes()).containsExactly(13L);
        assertThatThrownBy(() -> make(other))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("company Our Company has several with this percentage")
                .hasMessageContaining("set taxes to MwSt=<name or id of the tax in Odoo> (20%, VAT) or MwSt=line");
        assertThatThrownBy(() -> make(other, "taxes", "MwSt=Tax 15%")).hasMessageContaining("'Tax 15%' is not one");
        assertThatThrownBy(() -> make(Invoices.of("acme", new Sums.Profile().tax("X", "10"))))
                .hasMessageContaining("has no sales tax with this percentage");
        assertThatThrownBy(() -> make(vat, "taxes", "GST")).hasMessageContaining("'GST' is not of the form NAME=TAX");
    }

    @Test
    void aTaxThatOdooWouldRoundToAnotherCentIsRefusedOrEvenedOut() {
        // given: three times 0.10, of which 15 % are 0.015 each
        Sums sums = Sums.of()
                .use("a", "x", "hour", "1", "0.10")
                .use("b", "y", "hour", "1", "0.10")
                .use("c", "z", "hour", "1", "0.10");
        Document document = Invoices.of("acme", new Sums.Profile().tax("GST", "15"), sums);
        assertThat(make(document).tax()).isEqualByComparingTo("0.05");
        // when
        taxPerLine = true;
        // then
        assertThatThrownBy(() -> make(document))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Odoo would come to 0.06 of GST 15 % for INV-2026-acme, the document to 0.05")
                .hasMessageContaining("let company Our Company round taxes globally");
        Move evened = make(document, "taxDifference", "line");
        assertThat(lines(evened)).contains("Rounding of GST 15 % | 1 x -0.01 untaxed");
        assertThat(amounts(evened)).containsExactly(number("0.29"), number("0.06"), number("0.35"));
    }

    @Test
    void aCreditNoteIsARefundWithAmountsTurnedAndSaysWhatItCorrects() {
        // given
        Document invoice = Invoices.of("acme", new Sums.Profile().tax("GST", "15"));
        Document note = Invoices.credit(invoice, 2);
        // when
        Move move = make(note);
        // then
        assertThat(move.refund()).isTrue();
        assertThat(move.reverses()).isEqualTo(ExternalId.move(invoice.key()));
        assertThat(move.date()).hasToString("2026-11-20");
        assertThat(move.due()).hasToString("2026-12-20");
        assertThat(lines(move))
                .containsExactly(
                        "NOTE Corrects INV-2026-acme: the node was down",
                        "SECTION Datacenter por",
                        "m1.small: 744 hour at 0.048 | 1 x 35.71");
        assertThat(move.signed(move.total())).isEqualByComparingTo(note.total());
    }

    @Test
    void anInvoiceBelowZeroIsARefundAndOneWithoutLinesHasOne() {
        // given
        Sums less = Sums.of().late(EntryKind.CORRECTION, Sums.MONTH, "vm1", "m1.small", "-10", "0.048");
        // when
        Move refund = make(Invoices.of("acme", new Sums.Profile(), less));
        Move empty = make(Invoices.of("acme", new Sums.Profile(), Sums.of()));
        // then
        assertThat(refund.refund()).isTrue();
        assertThat(lines(refund)).contains("m1.small: 10 hour at 0.048, correction | 1 x 0.48");
        assertThat(empty.refund()).isFalse();
        assertThat(lines(empty)).containsExactly("No usage in 2026-10 | 1 x 0.00");
    }

    @Test
    void linesBearQuantityAndPriceOnlyWhereOdooKeepsBoth() {
        // given: digits are 2 and 2; the second price and the third quantity have more, the fourth price is an
        // effective one
        Sums sums = Sums.of()
                .use("a", "kept", "hour", "744.25", "0.05")
                .use("b", "price", "hour", "744", "0.048")
                .use("c", "quantity", "hour", "744.125", "0.05")
                .useFor("d", "effective", "hour", "10", "1.00");
        // when
        Move move = make(Invoices.of("acme", new Sums.Profile(), sums), "lines", "price");
        // then
        assertThat(lines(move))
                .containsExactly(
                        "SECTION Datacenter por",
                        "effective: 10 hour at about 0.1 (effective price: the amount is not linear in the quantity) | 1 x"
                                + " 1.00",
                        "kept, hour | 744.25 x 0.05",
                        "price: 744 hour at 0.048 | 1 x 35.71",
                        "quantity: 744.125 hour at 0.05 | 1 x 37.21");
    }

    @Test
    void tooManyLinesAreToldByProductThenByDatacenterWithTheSameAmounts() {
        // given
        Sums sums = Sums.of();
        for (int i = 0; i < 9; i++) {
            sums.use("vm" + i, "p" + i % 3, "hour", "1", "1.1" + i);
        }
        Document document = Invoices.of("acme", new Sums.Profile().lines(AccountProfile.Lines.RESOURCE), sums);
        // when
        Move products = make(document, "maxLines", "5");
        Move sections = make(document, "maxLines", "2");
        // then
        assertThat(lines(products))
                .containsExactly(
                        "SECTION Datacenter por",
                        "p0: 3 lines | 1 x 3.39",
                        "p1: 3 lines | 1 x 3.42",
                        "p2: 3 lines | 1 x 3.45",
                        "NOTE 9 lines in all; document INV-2026-acme lists them");
        assertThat(lines(sections)).contains("Usage: 9 lines | 1 x 10.26");
        assertThat(sections.total()).isEqualByComparingTo(document.total());
    }

    @Test
    void aCurrencyThatOdooDoesNotTakeIsRefusedBeforehand() {
        // given
        Document euro = Invoices.of("acme", new Sums.Profile().currency("EUR", "0.5"));
        Document unknown = Invoices.of("acme", new Sums.Profile().currency("XPF", "66"));
        Document finer = Invoices.of("acme", new Sums.Profile().currency("BHD", "0.2205"));
        // when / then
        assertThatThrownBy(() -> make(euro)).hasMessageContaining("currency EUR is not active in Odoo; activate it");
        assertThatThrownBy(() -> make(unknown)).hasMessageContaining("currency XPF is not known");
        assertThatThrownBy(() -> make(finer)).hasMessageContaining("Odoo rounds BHD to 2 digits");
    }

    @Test
    void textsAreBoundedAndHoldNothingThatTheWireCanNot() {
        // given
        String odd = "a\u0000b\tc\ud800d\uffff=1+1 <b> \ud83d\ude00";
        // when / then
        assertThat(LineText.clean(odd)).isEqualTo("a b c\ufffdd\ufffd=1+1 <b> \ud83d\ude00");
        assertThat(LineText.clean("x".repeat(5_000))).hasSize(1_000);
    }

    @Test
    void namesInOdooHaveOneDotAndNoTwoInvoicesShareOne() {
        // given
        List<String> keys = List.of("hub:a.b:2026-10:1", "hub:a_b:2026-10:1", "hub:A.B:2026-10:1", "");
        // when
        List<String> ids = keys.stream().map(ExternalId::move).toList();
        // then: the last is known from elsewhere, base32 of SHA-256 of nothing
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("caravan\\.inv_[a-z2-7]{32}"));
        assertThat(ids.get(3)).isEqualTo("caravan.inv_4oymiquy7qobjgx36tejs35zeqt24qpe");
    }
}
