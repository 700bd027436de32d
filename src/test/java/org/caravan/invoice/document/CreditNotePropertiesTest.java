package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.Document.Tax;
import org.caravan.ledger.UsageSum;

/** What holds of the credit notes of every invoice, however its lines are split among them. */
class CreditNotePropertiesTest extends AnyDocument {
    @Property(tries = 400)
    void allCreditsTogetherTakeTheInvoiceBackInEveryFigure(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency,
            @ForAll Random random) {
        // given
        Document invoice = build(profile, ratingCurrency, sums);
        Assume.that(invoice.lines() > 0);
        // when
        List<Document> notes = credit(invoice, parts(invoice, random));
        // then
        Statistics.label("credit notes").collect(Math.min(notes.size(), 4));
        List<Document> all = new ArrayList<>(notes);
        all.add(invoice);
        assertThat(sum(all.stream().map(Document::subtotal))).isZero();
        assertThat(sum(all.stream().map(Document::exact))).isZero();
        assertThat(sum(all.stream().map(Document::roundingDifference))).isZero();
        assertThat(sum(all.stream().map(d -> d.discount().percentageAmount()))).isZero();
        assertThat(sum(all.stream().map(d -> d.discount().flat()))).isZero();
        assertThat(sum(all.stream().map(d -> d.discount().amount()))).isZero();
        for (int tax = 0; tax < invoice.taxes().size(); tax++) {
            int which = tax;
            assertThat(sum(all.stream().map(d -> d.taxes().get(which).amount())))
                    .isZero();
        }
        assertThat(sum(all.stream().map(Document::total))).isZero();
        for (Section section : invoice.sections()) {
            List<Section> same = all.stream()
                    .flatMap(d -> d.sections().stream())
                    .filter(s -> s.name().equals(section.name()))
                    .toList();
            assertThat(sum(same.stream().map(Section::subtotal))).isZero();
            assertThat(sum(same.stream().map(Section::exact))).isZero();
            List<Line> lines = same.stream().flatMap(s -> s.lines().stream()).toList();
            assertThat(lines).hasSize(2 * section.lines().size());
            assertThat(sum(lines.stream().map(Line::amount))).isZero();
            assertThat(sum(lines.stream().map(Line::quantity))).isZero();
        }
    }

    @Property(tries = 400)
    void eachCreditNoteAddsUpOnPaper(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency,
            @ForAll Random random) {
        // given
        Document invoice = build(profile, ratingCurrency, sums);
        Assume.that(invoice.lines() > 0);
        // when
        List<Document> notes = credit(invoice, parts(invoice, random));
        // then
        for (Document note : notes) {
            Sums.assertMatchesSchema(note);
            assertThat(DocumentJson.read(DocumentJson.write(note))).isEqualTo(note);
            assertThat(note.total())
                    .isEqualTo(note.subtotal()
                            .subtract(note.discount().amount())
                            .add(sum(note.taxes().stream().map(Tax::amount))));
            assertThat(note.total().scale()).isEqualTo(Rounding.digits(note.currency()));
            assertThat(note.subtotal()).isEqualTo(sum(note.sections().stream().map(Section::subtotal)));
            assertThat(note.exact())
                    .isEqualByComparingTo(sum(note.sections().stream().map(Section::exact)));
            assertThat(note.roundingDifference())
                    .isEqualByComparingTo(note.subtotal().subtract(note.exact()));
            for (Section section : note.sections()) {
                assertSection(section, note.rounding());
            }
        }
    }

    @Property(tries = 400)
    void whatIsLeftOfAnInvoiceGoesTowardsZeroAndNeverPastIt(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency,
            @ForAll Random random) {
        // given
        Document invoice = build(profile, ratingCurrency, sums);
        Assume.that(invoice.lines() > 0);
        // when
        List<Document> notes = credit(invoice, parts(invoice, random));
        // then
        BigDecimal left = invoice.total();
        for (Document note : notes) {
            BigDecimal after = left.add(note.total());
            assertThat(after.signum()).isIn(0, invoice.total().signum());
            assertThat(after.abs()).isLessThanOrEqualTo(left.abs());
            left = after;
        }
    }

    @Property(tries = 400)
    void linesThatAreAllChargesCanBeCreditedOneByOneInAnyOrder(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency,
            @ForAll Random random) {
        // given
        List<UsageSum> charges =
                sums.stream().filter(sum -> sum.amount().signum() >= 0).toList();
        Document invoice = build(profile, ratingCurrency, charges);
        List<TreeSet<Integer>> parts = new ArrayList<>();
        IntStream.rangeClosed(1, invoice.lines()).forEach(line -> parts.add(new TreeSet<>(List.of(line))));
        Collections.shuffle(parts, random);
        Assume.that(!parts.isEmpty());
        // when
        List<Document> notes = credit(invoice, parts);
        // then: nothing was refused, and each figure is within a unit (for each of the tenants) of what the line alone
        // comes to
        assertThat(notes).hasSize(invoice.lines());
        BigDecimal unit =
                BigDecimal.valueOf(invoice.tenants().size()).movePointLeft(Rounding.digits(invoice.currency()));
        for (int i = 0; i < notes.size(); i++) {
            CreditFigures alone = CreditFigures.share(invoice, parts.get(i)).negated();
            Document note = notes.get(i);
            assertThat(note.subtotal().subtract(alone.subtotal()).abs()).isLessThanOrEqualTo(unit);
            assertThat(note.discount().percentageAmount()).isNotPositive();
            assertThat(note.discount().amount()).isNotPositive();
            assertThat(note.taxes()).allSatisfy(tax -> assertThat(tax.amount()).isNotPositive());
        }
    }

    @Property(tries = 200)
    void aCreditOfEverythingIsTheInvoiceMirrored(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency) {
        // given
        Document invoice = build(profile, ratingCurrency, sums);
        Assume.that(invoice.lines() > 0);
        // when
        Document note = CreditNote.of(invoice, CreditNote.Before.nothing(), all(invoice), head(1));
        // then
        assertThat(note.total()).isEqualTo(invoice.total().negate());
        assertThat(note.discount().amount())
                .isEqualTo(invoice.discount().amount().negate());
        assertThat(note.taxes())
                .isEqualTo(invoice.taxes().stream()
                        .map(tax -> new Tax(tax.name(), tax.rate(), tax.amount().negate()))
                        .toList());
        assertThat(note.lines()).isEqualTo(invoice.lines());
        assertThat(note.currency()).isEqualTo(invoice.currency());
        assertThat(note.rate()).isEqualTo(invoice.rate());
    }

    @Property(tries = 400)
    void aPartOfACreditOfEverythingIsThatPartOfTheInvoiceMirrored(
            @ForAll("usage") List<UsageSum> sums,
            @ForAll("profiles") AccountProfile profile,
            @ForAll("currencies") String ratingCurrency) {
        // given
        Document invoice = build(profile, ratingCurrency, sums);
        Assume.that(invoice.lines() > 0);
        Document note = CreditNote.of(invoice, CreditNote.Before.nothing(), all(invoice), head(1));
        for (Section section : invoice.sections()) {
            // when
            DocumentShare charged = DocumentShare.of(invoice, section.subtotal());
            DocumentShare back = DocumentShare.of(note, section.subtotal().negate());
            // then
            assertThat(back.discount().percentageAmount())
                    .isEqualTo(charged.discount().percentageAmount().negate());
            assertThat(back.discount().flat())
                    .isEqualTo(charged.discount().flat().negate());
            assertThat(back.discount().amount())
                    .isEqualTo(charged.discount().amount().negate());
            assertThat(back.total()).isEqualTo(charged.total().negate());
        }
    }

    /** Credits part after part; one that is refused goes with the next. */
    private static List<Document> credit(Document invoice, List<TreeSet<Integer>> parts) {
        List<Document> notes = new ArrayList<>();
        TreeSet<Integer> done = new TreeSet<>();
        TreeSet<Integer> next = new TreeSet<>();
        UserError last = null;
        for (TreeSet<Integer> part : parts) {
            next.addAll(part);
            try {
                notes.add(CreditNote.of(invoice, new CreditNote.Before(done, notes), next, head(notes.size() + 1)));
                done.addAll(next);
                next.clear();
            } catch (UserError refused) {
                last = refused;
            }
        }
        assertThat(next).as("the rest can always be credited: %s", last).isEmpty();
        return notes;
    }

    private static List<TreeSet<Integer>> parts(Document invoice, Random random) {
        List<Integer> lines = new ArrayList<>(all(invoice));
        Collections.shuffle(lines, random);
        List<TreeSet<Integer>> parts = new ArrayList<>();
        for (int line : lines) {
            if (parts.isEmpty() || random.nextBoolean()) {
                parts.add(new TreeSet<>());
            }
            parts.get(parts.size() - 1).add(line);
        }
        return parts;
    }

    private static TreeSet<Integer> all(Document invoice) {
        TreeSet<Integer> all = new TreeSet<>();
        IntStream.rangeClosed(1, invoice.lines()).forEach(all::add);
        return all;
    }

    private static CreditNote.Head head(int n) {
        return new CreditNote.Head(
                "hub:acme:2026-10:" + (n + 1), "CN-2026-" + n, Instant.parse("2026-11-02T08:00:00Z"), "billed twice");
    }

    private static void assertSection(Section section, String rounding) {
        BigDecimal lines = sum(section.lines().stream().map(Line::amount));
        if (!rounding.equals("reseller")) {
            assertThat(section.subtotal()).isEqualByComparingTo(lines);
        }
        assertThat(section.exact())
                .isEqualByComparingTo(sum(section.lines().stream().map(Line::exact)));
        for (Line line : section.lines()) {
            assertThat(line.exact())
                    .isEqualByComparingTo(sum(line.items().stream().map(Item::exact)));
            assertThat(line.quantity())
                    .isEqualByComparingTo(sum(line.items().stream().map(Item::quantity)));
            if (line.items().get(0).amount() != null) {
                assertThat(line.amount())
                        .isEqualByComparingTo(sum(line.items().stream().map(Item::amount)));
            }
        }
    }

    private static BigDecimal sum(Stream<BigDecimal> amounts) {
        return amounts.reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
