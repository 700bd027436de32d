package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.erp.openerp.Move.Kind;

/** Makes a move of a document, and refuses beforehand what Odoo would come to another amount of. */
final class MoveMaker {
    private static final int PERCENT_SHIFT = 2;

    private final OpenErpSettings settings;
    private final Books books;

    MoveMaker(OpenErpSettings settings, Books books) {
        this.settings = settings;
        this.books = books;
    }

    /**
     * Makes it.
     *
     * @param fingerprint of the document's bytes
     * @throws UserError if the books can't bear it as it is
     */
    Move make(Document document, String fingerprint) {
        Books.Currency currency = books.currency(document.currency());
        boolean note = document.kind() == Document.Kind.CREDIT_NOTE;
        // Odoo posts nothing below zero; turned, it is the other kind
        boolean refund =
                document.total().signum() == 0 ? note : document.total().signum() < 0;
        Lines lines = new Lines(document, refund, currency.digits());
        Taxes taxes = taxes(document, lines);
        LocalDate date = note && document.issued() != null
                ? LocalDate.ofInstant(document.issued(), ZoneOffset.UTC)
                : LocalDate.ofInstant(document.period().to(), ZoneOffset.UTC).minusDays(1);
        Document.Customer customer = document.customer();
        return new Move(
                ExternalId.move(document.key()),
                refund,
                document.key(),
                document.number(),
                origin(document.number(), fingerprint),
                date,
                date.plusDays(settings.dueDays()),
                document.account(),
                customer == null || customer.name() == null
                        ? LineText.clean(document.account())
                        : LineText.clean(customer.name()),
                customer == null || customer.email() == null ? "" : LineText.clean(customer.email()),
                document.corrects() == null ? null : ExternalId.move(document.corrects()),
                currency.id(),
                currency.digits(),
                taxes.ids,
                lines.all,
                lines.untaxed(),
                taxes.amount,
                lines.untaxed().add(taxes.amount));
    }

    /** The number for people, and what tells two documents of one number apart. */
    static String origin(String number, String fingerprint) {
        return number + " sha256:" + fingerprint;
    }

    // ---- lines ---------------------------------------------------------------------------------------------------

    /** The lines in the making, in the sign that Odoo shows. */
    private final class Lines {
        private final Document document;
        private final boolean refund;
        private final int digits;
        private final List<Move.Line> all = new ArrayList<>();

        Lines(Document document, boolean refund, int digits) {
            this.document = document;
            this.refund = refund;
            this.digits = digits;
            corrected();
            Detail detail = Detail.of(document, settings.maxLines());
            boolean headed = document.sections().size() > 1
                    || document.sections().stream()
                            .anyMatch(section -> !section.name().isEmpty());
            for (Document.Section section : document.sections()) {
                if (headed) {
                    text(Kind.SECTION, section.name().isEmpty() ? "No datacenter" : "Datacenter " + section.name());
                }
                section(section, detail);
            }
            if (document.discount().amount().signum() != 0) {
                amount(
                        LineText.discount(document.discount()),
                        document.discount().amount().negate());
            }
            if (all.stream().noneMatch(line -> line.kind() == Kind.AMOUNT)) {
                // Odoo posts nothing that has no line
                amount("No usage in " + document.month(), BigDecimal.ZERO);
            }
            if (detail != Detail.LINES) {
                text(Kind.NOTE, document.lines() + " lines in all; document " + document.number() + " lists them");
            }
            if (document.customer() != null && document.customer().reference() != null) {
                text(Kind.NOTE, "Your reference: " + document.customer().reference());
            }
        }

        private void corrected() {
            if (document.correctsNumber() != null) {
                text(Kind.NOTE, "Corrects " + document.correctsNumber() + ": " + document.reason());
            }
        }

        private void section(Document.Section section, Detail detail) {
            BigDecimal sum = BigDecimal.ZERO;
            for (Detail.Row row : detail.rows(section, refund)) {
                // a policy that rounds items has finer amounts than the currency
                BigDecimal amount = row.amount().setScale(digits(document), RoundingMode.HALF_UP);
                sum = sum.add(amount);
                if (!priced(row, amount)) {
                    amount(row.text(), amount);
                }
            }
            BigDecimal rest = section.subtotal().subtract(sum);
            if (rest.signum() != 0) {
                amount("Rounding", rest);
            }
        }

        /** Adds a line of quantity and price where Odoo keeps both as they are and comes to the same amount. */
        private boolean priced(Detail.Row row, BigDecimal amount) {
            Document.Line line = row.line();
            if (!settings.priced() || line == null || line.unitPrice() == null || line.effective()) {
                return false;
            }
            boolean kept = line.unitPrice().scale() <= books.priceDigits()
                    && line.quantity().scale() <= books.quantityDigits();
            BigDecimal product = line.quantity().multiply(line.unitPrice()).setScale(digits, RoundingMode.HALF_UP);
            if (!kept || product.compareTo(amount) != 0) {
                return false;
            }
            all.add(new Move.Line(Kind.AMOUNT, row.name(), signed(line.quantity()), line.unitPrice(), true));
            return true;
        }

        private void amount(String text, BigDecimal amount) {
            all.add(new Move.Line(Kind.AMOUNT, text, BigDecimal.ONE, signed(fitting(amount)), true));
        }

        private void untaxed(String text, BigDecimal amount) {
            all.add(new Move.Line(Kind.AMOUNT, text, BigDecimal.ONE, fitting(amount), false));
        }

        private void text(Kind kind, String text) {
            all.add(new Move.Line(kind, LineText.clean(text), null, null, false));
        }

        private BigDecimal signed(BigDecimal amount) {
            return refund ? amount.negate() : amount;
        }

        private BigDecimal fitting(BigDecimal amount) {
            try {
                return amount.setScale(digits);
            } catch (ArithmeticException e) {
                throw new UserError(
                        "openerp: Odoo rounds " + document.currency() + " to " + digits + " digits, and "
                                + document.number() + " has an amount of " + amount.toPlainString()
                                + "; correct the currency's rounding in Odoo, then retry the delivery",
                        e);
            }
        }

        BigDecimal untaxed() {
            return sum(false);
        }

        BigDecimal taxable() {
            return sum(true);
        }

        private BigDecimal sum(boolean taxableOnly) {
            BigDecimal sum = BigDecimal.ZERO.setScale(digits);
            for (Move.Line line : all) {
                if (line.kind() == Kind.AMOUNT && (line.taxed() || !taxableOnly)) {
                    sum = sum.add(amountOf(line, digits));
                }
            }
            return sum;
        }
    }

    private static BigDecimal amountOf(Move.Line line, int digits) {
        return line.quantity().multiply(line.price()).setScale(digits, RoundingMode.HALF_UP);
    }

    private static int digits(Document document) {
        return document.subtotal().scale();
    }

    // ---- taxes ---------------------------------------------------------------------------------------------------

    /** @param amount what Odoo comes to in all */
    private record Taxes(List<Long> ids, BigDecimal amount) {}

    private Taxes taxes(Document document, Lines lines) {
        BigDecimal base = document.subtotal().subtract(document.discount().amount());
        if (lines.signed(base).compareTo(lines.taxable()) != 0) {
            throw new UserError("openerp: the lines of " + document.number() + " come to "
                    + lines.taxable().toPlainString() + ", its discounted subtotal is " + base.toPlainString()
                    + "; nothing was sent, this is an error of Caravan's");
        }
        List<Long> ids = new ArrayList<>();
        BigDecimal all = BigDecimal.ZERO.setScale(lines.digits);
        for (Document.Tax tax : document.taxes()) {
            String target = settings.taxes().target(tax.name(), tax.rate());
            String name = tax.name() + " " + Decimals.plain(tax.rate()) + " %";
            if (TaxMap.LINE.equals(target)) {
                lines.untaxed(name, lines.signed(tax.amount()));
                continue;
            }
            Books.Tax known = books.tax(tax, target);
            ids.add(known.id());
            BigDecimal theirs = computed(lines, tax.rate());
            BigDecimal off = lines.signed(tax.amount()).subtract(theirs);
            if (off.signum() != 0) {
                evenOut(document, name, lines, theirs, off);
            }
            all = all.add(theirs);
        }
        return new Taxes(ids, all);
    }

    /** What Odoo will come to: it rounds each line's tax, or that of their sum. */
    private BigDecimal computed(Lines lines, BigDecimal rate) {
        if (!books.taxPerLine()) {
            return percent(lines.taxable(), rate, lines.digits);
        }
        BigDecimal sum = BigDecimal.ZERO.setScale(lines.digits);
        for (Move.Line line : lines.all) {
            if (line.kind() == Kind.AMOUNT && line.taxed()) {
                sum = sum.add(percent(amountOf(line, lines.digits), rate, lines.digits));
            }
        }
        return sum;
    }

    private static BigDecimal percent(BigDecimal amount, BigDecimal rate, int digits) {
        return amount.multiply(rate).movePointLeft(PERCENT_SHIFT).setScale(digits, RoundingMode.HALF_UP);
    }

    private void evenOut(Document document, String name, Lines lines, BigDecimal theirs, BigDecimal off) {
        if (!settings.taxCents()) {
            throw new UserError("openerp: Odoo would come to " + theirs.toPlainString() + " of " + name + " for "
                    + document.number() + ", the document to "
                    + lines.signed(theirs.add(off)).toPlainString() + "; "
                    + (books.taxPerLine()
                            ? "let company " + books.companyName()
                                    + " round taxes globally (Accounting, Configuration, Settings), or set"
                                    + " taxDifference=line"
                            : "set taxDifference=line, which adds a line of the difference")
                    + ", then retry the delivery");
        }
        lines.untaxed("Rounding of " + name, off);
    }
}
