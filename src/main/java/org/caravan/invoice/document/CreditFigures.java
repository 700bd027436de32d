package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.Document.Tax;

/**
 * The figures of an invoice, or of a part of its lines, that stand between the lines and the total.
 *
 * @param sections subtotal by section's name
 * @param flat the fixed part of the discount
 * @param discount what is taken off
 * @param taxes in the order of the invoice
 */
record CreditFigures(
        Map<String, BigDecimal> sections,
        BigDecimal percentageAmount,
        BigDecimal flat,
        BigDecimal discount,
        List<BigDecimal> taxes) {
    /** A document's own. */
    static CreditFigures of(Document document) {
        Map<String, BigDecimal> sections = new LinkedHashMap<>();
        document.sections().forEach(section -> sections.put(section.name(), section.subtotal()));
        return new CreditFigures(
                sections,
                document.discount().percentageAmount(),
                document.discount().flat(),
                document.discount().amount(),
                document.taxes().stream().map(Tax::amount).toList());
    }

    /**
     * What an invoice would say if it bore these of its lines alone: each figure rounded once, at the invoice's own rates.
     * Of a discount that is not a percentage alone they have a share by their amount. All lines give the invoice's figures.
     */
    static CreditFigures share(Document invoice, Set<Integer> lines) {
        if (lines.size() == invoice.lines()) {
            return of(invoice);
        }
        int digits = Rounding.digits(invoice.currency());
        Money money = new Money(Rounding.named(invoice.rounding()), digits, digits, null);
        Map<String, BigDecimal> sections = new LinkedHashMap<>();
        int number = 0;
        for (Section section : invoice.sections()) {
            List<Line> taken = new ArrayList<>();
            for (Line line : section.lines()) {
                if (lines.contains(++number)) {
                    taken.add(line);
                }
            }
            if (!taken.isEmpty()) {
                boolean whole = taken.size() == section.lines().size();
                sections.put(section.name(), whole ? section.subtotal() : money.section(taken));
            }
        }
        DocumentShare share =
                DocumentShare.of(invoice, sections.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add));
        return new CreditFigures(
                sections,
                share.discount().percentageAmount(),
                share.discount().flat(),
                share.discount().amount(),
                share.taxes().stream().map(Tax::amount).toList());
    }

    CreditFigures plus(CreditFigures other) {
        Map<String, BigDecimal> sum = new LinkedHashMap<>(sections);
        other.sections.forEach((name, subtotal) -> sum.merge(name, subtotal, BigDecimal::add));
        List<BigDecimal> taxSum = new ArrayList<>();
        for (int i = 0; i < taxes.size(); i++) {
            taxSum.add(taxes.get(i).add(other.taxes.get(i)));
        }
        return new CreditFigures(
                sum,
                percentageAmount.add(other.percentageAmount),
                flat.add(other.flat),
                discount.add(other.discount),
                taxSum);
    }

    CreditFigures negated() {
        Map<String, BigDecimal> negated = new LinkedHashMap<>();
        sections.forEach((name, subtotal) -> negated.put(name, subtotal.negate()));
        return new CreditFigures(
                negated,
                percentageAmount.negate(),
                flat.negate(),
                discount.negate(),
                taxes.stream().map(BigDecimal::negate).toList());
    }

    BigDecimal subtotal() {
        return sections.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    BigDecimal total() {
        return taxes.stream().reduce(subtotal().subtract(discount), BigDecimal::add);
    }
}
