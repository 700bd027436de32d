package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.caravan.common.Decimals;
import org.caravan.invoice.document.Document;
import org.caravan.ledger.EntryKind;

/** What lines say to people. */
final class LineText {
    /** A text is cut at this length, in characters. */
    private static final int MAX = 1_000;

    /** Digits after the point of a quantity that is shown; the document has all. */
    private static final int SHOWN_DIGITS = 6;

    private LineText() {}

    /** {@code m1.small: 744 hour at 0.048}; on a refund, what is taken back has no sign. */
    static String usage(Document.Line line, boolean refund) {
        StringBuilder text = new StringBuilder(product(line))
                .append(": ")
                .append(shown(refund ? line.quantity().negate() : line.quantity()))
                .append(line.unit().isEmpty() ? "" : " " + line.unit());
        if (line.unitPrice() != null) {
            text.append(line.effective() ? " at about " : " at ").append(Decimals.plain(line.unitPrice()));
        }
        return clean(text.append(remarks(line)).toString());
    }

    /** The same where quantity and price stand beside it. */
    static String name(Document.Line line) {
        String unit = line.unit().isEmpty() ? "" : ", " + line.unit();
        return clean(product(line) + unit + remarks(line));
    }

    /** Label and product, or the one that there is. */
    static String product(Document.Line line) {
        return clean(
                line.label() == null || line.label().equals(line.product())
                        ? line.product()
                        : line.label() + " (" + line.product() + ")");
    }

    static String discount(Document.Discount discount) {
        return discount.percentage().signum() == 0
                ? "Discount"
                : "Discount " + Decimals.plain(discount.percentage()) + " %"
                        + (discount.flat().signum() == 0 ? "" : " and " + Decimals.plain(discount.flat()));
    }

    private static String remarks(Document.Line line) {
        StringBuilder text = new StringBuilder();
        if (line.kind() != EntryKind.USAGE) {
            text.append(", ").append(line.kind().name().toLowerCase(java.util.Locale.ROOT));
        }
        if (line.usageMonth() != null) {
            text.append(", usage of ").append(line.usageMonth());
        }
        if (line.note() != null) {
            text.append(" (").append(line.note()).append(')');
        }
        return text.toString();
    }

    private static String shown(BigDecimal quantity) {
        return Decimals.plain(
                quantity.scale() > SHOWN_DIGITS ? quantity.setScale(SHOWN_DIGITS, RoundingMode.HALF_UP) : quantity);
    }

    /** One line without what XML and PostgreSQL can't hold, bounded. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .limit(MAX)
                .map(c -> Character.isISOControl(c) ? ' ' : bearable(c) ? c : 0xfffd)
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }

    private static boolean bearable(int c) {
        return (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) && c != 0xfffe && c != 0xffff;
    }
}
