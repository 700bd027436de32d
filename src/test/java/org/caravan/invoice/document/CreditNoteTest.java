package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document.Line;
import org.caravan.ledger.EntryKind;
import org.junit.jupiter.api.Test;

class CreditNoteTest {
    @Test
    void aPartialCreditTakesItsShareAtTheInvoicesRates() {
        // given 10.00 and 20.01, 5 off in the hundred, 15 on top
        Document invoice = Sums.of()
                .use("a", "m1", "hour", "10", "1")
                .use("b", "m2", "hour", "20.01", "1")
                .document(new Sums.Profile().discount("5", "0").tax("GST", "15").build());
        assertThat(invoice.total()).isEqualTo("32.79");
        // when
        Document note = credit(invoice, List.of(), 1);
        // then
        Line line = note.sections().get(0).lines().get(0);
        assertThat(note.lines()).isOne();
        assertThat(line.quantity()).isEqualTo("-10");
        assertThat(line.unitPrice()).isEqualTo("1");
        assertThat(line.amount()).isEqualTo("-10.00");
        assertThat(line.items().get(0).quantity()).isEqualTo("-10");
        assertThat(line.items().get(0).seconds()).isEqualTo("-3600");
        assertThat(note.discount().amount()).isEqualTo("-0.50");
        assertThat(note.discount().percentage()).isEqualTo("5");
        assertThat(note.taxes().get(0).amount()).isEqualTo("-1.43");
        assertThat(note.taxes().get(0).rate()).isEqualTo("15");
        assertThat(note.total()).isEqualTo("-10.93");
        assertThat(note.corrects()).isEqualTo(invoice.key());
        assertThat(note.correctsNumber()).isEqualTo(invoice.number());
    }

    @Test
    void centsThatRoundingWouldAddAreNeverCreditedBeyondTheInvoice() {
        // given a hundred lines of 0.10 and a tax of 5 in the hundred, 0.50 in all, though 0.005 rounds to a cent each
        Sums sums = Sums.of();
        for (int i = 0; i < 100; i++) {
            sums.use("r" + i, String.format("m%03d", i), "hour", "1", "0.1");
        }
        Document invoice = sums.document(new Sums.Profile().tax("GST", "5").build());
        assertThat(invoice.taxes().get(0).amount()).isEqualTo("0.50");
        // when
        List<Document> notes = new ArrayList<>();
        for (int line = 1; line <= 100; line++) {
            notes.add(credit(invoice, List.copyOf(notes), line));
        }
        // then
        assertThat(notes)
                .extracting(note -> note.taxes().get(0).amount().toPlainString())
                .containsOnly("-0.01", "0.00");
        assertThat(sum(notes)).isEqualByComparingTo(invoice.total().negate());
    }

    @Test
    void aFlatDiscountIsSharedByAmount() {
        // given 30.00 and 10.00 less 8.00
        Document invoice = Sums.of()
                .use("a", "m1", "hour", "30", "1")
                .use("b", "m2", "hour", "10", "1")
                .document(new Sums.Profile().discount("0", "8").build());
        // when
        Document first = credit(invoice, List.of(), 2);
        Document second = credit(invoice, List.of(first), 1);
        // then
        assertThat(first.discount().amount()).isEqualTo("-2.00");
        assertThat(first.total()).isEqualTo("-8.00");
        assertThat(second.discount().amount()).isEqualTo("-6.00");
        assertThat(second.total()).isEqualTo("-24.00");
    }

    @Test
    void aLineAndWhatReducesItAreCreditedTogether() {
        // given 10.00 and an adjustment of -9.00
        Document invoice = Sums.of()
                .use("a", "m1", "hour", "10", "1")
                .late(EntryKind.ADJUSTMENT, YearMonth.of(2026, 9), "a", "m1", "-9", "1")
                .document(AccountProfile.plain("acme"));
        assertThat(invoice.total()).isEqualTo("1.00");
        // when, then
        assertThatThrownBy(() -> credit(invoice, List.of(), 1))
                .isInstanceOf(UserError.class)
                .hasMessage("crediting line 1 of 2026-0001 by itself would move what is left of it from 1.00 to -9.00"
                        + " NZD, past zero; credit it together with the lines that it belongs to");
        assertThatThrownBy(() -> credit(invoice, List.of(), 2))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("from 1.00 to 10.00 NZD, away from zero");
        assertThat(credit(invoice, List.of(), 1, 2).total()).isEqualTo("-1.00");
    }

    @Test
    void anInvoiceThatGaveSomethingBackIsTakenBackByACharge() {
        // given
        Document invoice = Sums.of()
                .late(EntryKind.ADJUSTMENT, YearMonth.of(2026, 9), "a", "m1", "-9", "1")
                .document(new Sums.Profile().tax("GST", "15").discount("0", "3").build());
        assertThat(invoice.total()).isEqualTo("-10.35");
        // when
        Document note = credit(invoice, List.of(), 1);
        // then
        assertThat(note.total()).isEqualTo("10.35");
        assertThat(note.discount().amount()).isZero();
    }

    @Test
    void linesThatAreNoneAreRefused() {
        // given
        Document invoice = Sums.of().use("a", "m1", "hour", "1", "1").document(AccountProfile.plain("acme"));
        Document note = credit(invoice, List.of(), 1);
        // when, then
        assertThatThrownBy(() -> credit(invoice, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> credit(invoice, List.of(), 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> credit(invoice, List.of(note), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> credit(note, List.of(), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSchemaWantsOfACreditNoteWhatItCorrectsAndWhyAndOfAnInvoiceNothingOfThat() {
        // given
        Document invoice = Sums.of().use("a", "m1", "hour", "1", "1").document(AccountProfile.plain("acme"));
        String note = json(credit(invoice, List.of(), 1));
        // when, then
        assertThat(Sums.violations(note)).isEmpty();
        assertThat(Sums.violations(note.replace("\"reason\":\"billed twice\",", "")))
                .isNotEmpty();
        assertThat(Sums.violations(note.replace("\"correctsNumber\":\"2026-0001\",", "")))
                .isNotEmpty();
        assertThat(Sums.violations(note.replace("\"kind\":\"credit-note\"", "\"kind\":\"invoice\"")))
                .isNotEmpty();
        assertThat(json(invoice)).doesNotContain("correct", "reason", "issued");
    }

    @Test
    void rangesReadAsAPersonWritesThem() {
        // given, when, then
        assertThat(CreditNote.ranges(new TreeSet<>(Set.of(7)))).isEqualTo("7");
        assertThat(CreditNote.ranges(new TreeSet<>(Set.of(1, 3, 4, 5, 9, 10)))).isEqualTo("1, 3-5, 9-10");
    }

    private static Document credit(Document invoice, List<Document> before, Integer... lines) {
        TreeSet<Integer> done = new TreeSet<>();
        int number = 0;
        for (Document.Section section : invoice.sections()) {
            for (Line line : section.lines()) {
                number++;
                if (before.stream()
                        .flatMap(note -> note.sections().stream())
                        .flatMap(s -> s.lines().stream())
                        .anyMatch(l -> l.product().equals(line.product()) && l.kind() == line.kind())) {
                    done.add(number);
                }
            }
        }
        return CreditNote.of(
                invoice,
                new CreditNote.Before(done, before),
                new TreeSet<>(List.of(lines)),
                new CreditNote.Head(
                        "hub:acme:2026-10:2", "CN-2026-000001", Instant.parse("2026-11-02T08:00:00Z"), "billed twice"));
    }

    private static BigDecimal sum(List<Document> notes) {
        return notes.stream().map(Document::total).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String json(Document document) {
        return new String(DocumentJson.write(document), StandardCharsets.UTF_8);
    }
}
