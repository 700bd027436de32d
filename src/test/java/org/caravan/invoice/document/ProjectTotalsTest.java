package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.caravan.invoice.document.Document.Section;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;
import org.junit.jupiter.api.Test;

/** Totals by tenant and datacenter, with figures worked by hand. */
class ProjectTotalsTest {
    private static final AccountProfile RESELLER = new AccountProfile(
            "acme",
            List.of(),
            true,
            null,
            null,
            null,
            List.of(new AccountProfile.TaxRate("GST", BigDecimal.TEN)),
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            Rounding.reseller(new BigDecimal("0.01")),
            AccountProfile.Lines.PRICE,
            List.of());

    /** Two tenants in one datacenter, each with two items of 0.012 and one of 0.001. */
    private static Document invoice() {
        DocumentHead head = DocumentHead.invoice("hub", "acme", Sums.MONTH, 1, "1", false, "NZD", Map.of());
        return DocumentBuilder.build(head, RESELLER, List.of(usage(1, "a"), usage(2, "b")));
    }

    private static TenantMonth usage(int id, String tenant) {
        return new TenantMonth(
                new TenantRef(id, "default", tenant, 0),
                Sums.MONTH,
                1,
                Sums.of()
                        .use(tenant + "-1", "m1", "hour", "1", "0.012")
                        .use(tenant + "-2", "m1", "hour", "1", "0.012")
                        .use(tenant + "-3", "m2", "hour", "1", "0.001")
                        .sums(),
                List.of());
    }

    private static List<String> totals(Document document) {
        return ProjectTotals.of(document).stream()
                .map(project -> project.tenant() + " " + project.total().toPlainString())
                .toList();
    }

    @Test
    void eachTenantIsRoundedByItself() {
        // when: 0.012 + 0.012 + 0.01, twice
        Document invoice = invoice();
        // then
        assertThat(totals(invoice)).containsExactly("a 0.03", "b 0.03");
        assertThat(invoice.subtotal()).isEqualTo("0.06");
        assertThat(invoice.total()).isEqualTo("0.07");
    }

    @Test
    void aSectionThatWasRoundedAsAWholeIsSharedOutToItsLastCent() {
        // given: as documents were before, 0.068 rounded once
        Document before = withSubtotal(invoice(), "0.07");
        // then: up to a 0.034, up to b all
        assertThat(totals(before)).containsExactly("a 0.03", "b 0.04");
    }

    @Test
    void creditNotesTakeBackAnInvoiceOfEitherRounding() {
        for (Document invoice : List.of(invoice(), withSubtotal(invoice(), "0.07"))) {
            // given
            CreditNote.Before before = CreditNote.Before.nothing();
            BigDecimal left = invoice.total();
            TreeSet<Integer> taken = new TreeSet<>();
            List<Document> notes = new java.util.ArrayList<>();
            // when
            for (int line : IntStream.rangeClosed(1, invoice.lines()).toArray()) {
                Document note = CreditNote.of(
                        invoice,
                        before,
                        new TreeSet<>(List.of(line)),
                        new CreditNote.Head("k" + line, "n" + line, java.time.Instant.EPOCH, "test"));
                notes.add(note);
                taken.add(line);
                before = new CreditNote.Before(taken, notes);
                left = left.add(note.total());
            }
            // then
            assertThat(left).isZero();
            assertThat(notes.stream().map(Document::subtotal).reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo(invoice.subtotal().negate());
        }
    }

    @Test
    void aPartIsTaxedAsADocumentOfItsOwn() {
        // when
        DocumentShare share = DocumentShare.of(invoice(), new BigDecimal("0.05"));
        // then
        assertThat(share.taxes().get(0).amount()).isEqualTo("0.01");
        assertThat(share.total()).isEqualTo("0.06");
    }

    private static Document withSubtotal(Document d, String subtotal) {
        BigDecimal sum = new BigDecimal(subtotal);
        Section section = d.sections().get(0);
        DocumentShare share = DocumentShare.of(d, sum);
        return new Document(
                d.schemaVersion(),
                d.kind(),
                d.corrects(),
                d.correctsNumber(),
                d.reason(),
                d.key(),
                d.number(),
                d.issued(),
                d.proforma(),
                d.issuer(),
                d.account(),
                d.tenants(),
                d.customer(),
                d.month(),
                d.period(),
                d.currency(),
                d.ratingCurrency(),
                d.rate(),
                d.rounding(),
                List.of(new Section(section.name(), section.lines(), sum, section.exact())),
                sum,
                d.exact(),
                sum.subtract(d.exact()),
                share.discount(),
                share.taxes(),
                share.total());
    }
}
