package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * A document as Odoo is to have it. Amounts are as Odoo shows them: of a refund, positive where the document's are
 * negative.
 *
 * @param externalId what it is known by for ever
 * @param refund true for a credit note, also an invoice below zero
 * @param key the document's key
 * @param origin its number and fingerprint
 * @param account who pays
 * @param partnerName what a new partner is called
 * @param partnerEmail of a new partner, may be empty
 * @param reverses external id of what it corrects, or null
 * @param digits of its currency in Odoo
 * @param taxes ids of the taxes of every line
 * @param untaxed what Odoo must come to
 * @param tax what Odoo must come to
 * @param total what Odoo must come to
 */
record Move(
        String externalId,
        boolean refund,
        String key,
        String number,
        String origin,
        LocalDate date,
        LocalDate due,
        String account,
        String partnerName,
        String partnerEmail,
        String reverses,
        long currency,
        int digits,
        List<Long> taxes,
        List<Line> lines,
        BigDecimal untaxed,
        BigDecimal tax,
        BigDecimal total) {
    Move {
        taxes = List.copyOf(taxes);
        lines = List.copyOf(lines);
    }

    /** What a line is. */
    enum Kind {
        SECTION,
        NOTE,
        AMOUNT
    }

    /**
     * A line.
     *
     * @param quantity null for a text
     * @param price null for a text
     * @param taxed true if the move's taxes are on it
     */
    record Line(Kind kind, String text, BigDecimal quantity, BigDecimal price, boolean taxed) {}

    /** Odoo's figure as the document has it. */
    BigDecimal signed(BigDecimal amount) {
        return refund ? amount.negate() : amount;
    }

    /** The same without the link to what it corrects. */
    Move unlinked() {
        return new Move(
                externalId,
                refund,
                key,
                number,
                origin,
                date,
                due,
                account,
                partnerName,
                partnerEmail,
                null,
                currency,
                digits,
                taxes,
                lines,
                untaxed,
                tax,
                total);
    }
}
