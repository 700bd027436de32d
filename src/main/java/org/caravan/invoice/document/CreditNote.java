package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document.Discount;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.Document.Tax;

/**
 * Makes the credit note that takes lines of an invoice back. Pure: everything comes from the invoice as it was issued, also
 * rates, customer and currency.
 *
 * <p>A note's figures are those of all lines credited with it, less those credited before. So what is credited in all never
 * depends on how it was split, and once the last line is taken it is the invoice to the cent; a figure of one note may
 * differ by one unit of the last digit (for each tenant, where projects are rounded) from what its lines alone would round to.
 */
public final class CreditNote {
    /** Longest reason, in characters. */
    public static final int MAX_REASON = 1_000;

    private CreditNote() {}

    /**
     * What a credit note says of itself.
     *
     * @param key see {@link DocumentKey}
     * @param number number for people
     * @param issued when it is issued
     * @param reason one line, 1 to {@link #MAX_REASON} characters
     */
    public record Head(String key, String number, Instant issued, String reason) {
        public Head {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(number, "number");
            Objects.requireNonNull(issued, "issued");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * What was credited of an invoice before.
     *
     * @param lines numbers of lines, from 1 over all sections in the order of the invoice
     * @param notes the credit notes that took them
     */
    public record Before(Set<Integer> lines, List<Document> notes) {
        public Before {
            lines = Set.copyOf(lines);
            notes = List.copyOf(notes);
        }

        public static Before nothing() {
            return new Before(Set.of(), List.of());
        }
    }

    /**
     * Makes a credit note.
     *
     * @param invoice as it was issued
     * @param lines numbers of the lines to credit, at least one, none credited before
     * @throws UserError if these lines alone would credit more than was invoiced, or charge something
     */
    public static Document of(Document invoice, Before before, SortedSet<Integer> lines, Head head) {
        requireLines(invoice, before, lines);
        Set<Integer> after = new HashSet<>(before.lines());
        after.addAll(lines);
        CreditFigures credited = before.notes().stream()
                .map(note -> CreditFigures.of(note).negated())
                .reduce(CreditFigures::plus)
                .orElse(CreditFigures.share(invoice, Set.of()));
        CreditFigures goal = CreditFigures.share(invoice, after);
        requireBounds(invoice, lines, credited.total(), goal.total());
        return document(invoice, lines, credited.plus(goal.negated()), head);
    }

    private static void requireLines(Document invoice, Before before, SortedSet<Integer> lines) {
        if (invoice.kind() != Document.Kind.INVOICE) {
            throw new IllegalArgumentException(invoice.number() + " is no invoice");
        }
        if (lines.isEmpty() || lines.first() < 1 || lines.last() > invoice.lines()) {
            throw new IllegalArgumentException(
                    invoice.number() + " has lines 1 to " + invoice.lines() + ", not all of " + lines);
        }
        for (int line : lines) {
            if (before.lines().contains(line)) {
                throw new IllegalArgumentException("line " + line + " of " + invoice.number() + " is credited already");
            }
        }
    }

    /** What is left of the invoice goes towards zero with each note and never past it: a note that charges is none. */
    private static void requireBounds(
            Document invoice, SortedSet<Integer> lines, BigDecimal credited, BigDecimal afterwards) {
        BigDecimal left = invoice.total().subtract(credited);
        BigDecimal leftAfter = invoice.total().subtract(afterwards);
        boolean past =
                leftAfter.signum() != 0 && leftAfter.signum() != invoice.total().signum();
        if (past || leftAfter.abs().compareTo(left.abs()) > 0) {
            throw new UserError("crediting " + (lines.size() == 1 ? "line " : "lines ") + ranges(lines) + " of "
                    + invoice.number() + " by itself would move what is left of it from " + left.toPlainString()
                    + " to " + leftAfter.toPlainString() + " " + invoice.currency()
                    + (past ? ", past zero" : ", away from zero")
                    + "; credit it together with the lines that it belongs to");
        }
    }

    /** Line numbers for people: {@code 1, 3-5}. */
    public static String ranges(SortedSet<Integer> lines) {
        List<String> parts = new ArrayList<>();
        SortedSet<Integer> rest = new TreeSet<>(lines);
        while (!rest.isEmpty()) {
            int first = rest.first();
            int last = first;
            while (rest.contains(last + 1)) {
                last++;
            }
            parts.add(first == last ? Integer.toString(first) : first + "-" + last);
            rest = rest.tailSet(last + 1);
        }
        return String.join(", ", parts);
    }

    private static Document document(Document invoice, Set<Integer> lines, CreditFigures figures, Head head) {
        List<Section> sections = new ArrayList<>();
        BigDecimal exact = BigDecimal.ZERO;
        int number = 0;
        for (Section section : invoice.sections()) {
            List<Line> taken = new ArrayList<>();
            BigDecimal sectionExact = BigDecimal.ZERO;
            for (Line line : section.lines()) {
                if (lines.contains(++number)) {
                    taken.add(negated(line));
                    sectionExact = sectionExact.subtract(line.exact());
                }
            }
            if (!taken.isEmpty()) {
                sections.add(new Section(
                        section.name(),
                        taken,
                        figures.sections().get(section.name()),
                        DocumentBuilder.exact(sectionExact)));
                exact = exact.add(sectionExact);
            }
        }
        List<Tax> taxes = new ArrayList<>();
        for (int i = 0; i < invoice.taxes().size(); i++) {
            Tax tax = invoice.taxes().get(i);
            taxes.add(new Tax(tax.name(), tax.rate(), figures.taxes().get(i)));
        }
        BigDecimal subtotal = figures.subtotal();
        return new Document(
                Document.SCHEMA_VERSION,
                Document.Kind.CREDIT_NOTE,
                invoice.key(),
                invoice.number(),
                head.reason(),
                head.key(),
                head.number(),
                head.issued(),
                invoice.proforma(),
                invoice.issuer(),
                invoice.account(),
                invoice.tenants(),
                invoice.customer(),
                invoice.month(),
                invoice.period(),
                invoice.currency(),
                invoice.ratingCurrency(),
                invoice.rate(),
                invoice.rounding(),
                sections,
                subtotal,
                DocumentBuilder.exact(exact),
                DocumentBuilder.exact(subtotal.subtract(exact)),
                new Discount(
                        invoice.discount().percentage(),
                        figures.percentageAmount(),
                        figures.flat(),
                        figures.discount()),
                taxes,
                figures.total());
    }

    private static Line negated(Line line) {
        return new Line(
                line.product(),
                line.label(),
                line.kind(),
                line.usageMonth(),
                line.unit(),
                line.quantity().negate(),
                line.unitPrice(),
                line.effective(),
                line.unpriced(),
                line.note(),
                line.amount().negate(),
                line.exact().negate(),
                line.items().stream().map(CreditNote::negated).toList());
    }

    private static Item negated(Item item) {
        return new Item(
                item.tenant(),
                item.resource(),
                item.name(),
                item.meter(),
                item.quantity().negate(),
                item.unitPrice(),
                item.amount() == null ? null : item.amount().negate(),
                item.exact().negate(),
                item.seconds().negate(),
                item.first(),
                item.last(),
                item.metadata());
    }
}
