package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.util.Collection;
import org.caravan.ledger.EntryKind;

/**
 * A document's arithmetic: its policy between the rating currency and its own.
 *
 * @param rate null where the two currencies are one
 */
record Money(Rounding rounding, int ratingDigits, int digits, BigDecimal rate) {
    private static final int PERCENT_SHIFT = 2;

    BigDecimal zero() {
        return BigDecimal.ZERO.setScale(digits);
    }

    /** Rounds by the policy in the rating currency, then converts what was rounded, and rounds that. */
    BigDecimal amount(BigDecimal exact) {
        return converted(rounding.amount(exact, ratingDigits));
    }

    /** The same of what is charged for usage, or of the difference that a correction makes to it. */
    BigDecimal amount(BigDecimal exact, EntryKind kind) {
        return switch (kind) {
            case USAGE, ADJUSTMENT -> amount(exact);
            case CORRECTION, RERATE -> converted(rounding.difference(exact, ratingDigits));
        };
    }

    private BigDecimal converted(BigDecimal rounded) {
        return rate == null ? rounded : rounding.converted(rounded.multiply(rate), digits);
    }

    /** The unrounded amount in the document's currency. */
    BigDecimal exact(BigDecimal amount) {
        return DocumentBuilder.exact(rate == null ? amount : amount.multiply(rate));
    }

    /** A section's subtotal. */
    BigDecimal section(Collection<Document.Line> lines) {
        return ProjectTotals.section(rounding, digits, lines);
    }

    BigDecimal round(BigDecimal amount) {
        return Rounding.money(amount, digits);
    }

    BigDecimal percent(BigDecimal amount, BigDecimal percentage) {
        return round(amount.multiply(percentage).movePointLeft(PERCENT_SHIFT));
    }
}
