package org.caravan.invoice;

import java.math.BigDecimal;
import org.caravan.common.Decimals;

/**
 * The total that an ERP computed against the document's own.
 *
 * @param total null if the ERP told none, or none that is a number
 * @param alarm what is wrong, for people; null if nothing is
 */
record ErpTotal(BigDecimal total, String alarm) {
    /** What an ERP told at its commit; both may be null. */
    static ErpTotal of(String connector, IssuedDocument document, String reference, String total, String currency) {
        if (currency != null && !currency.strip().equals(document.currency())) {
            BigDecimal amount = number(total);
            return new ErpTotal(
                    amount,
                    committed(connector, document, reference) + " in " + SqlText.line(currency, 20)
                            + ", the document is in " + document.currency()
                            + "; correct it in the ERP and find out where the currency gets lost");
        }
        if (total == null) {
            return new ErpTotal(null, null);
        }
        BigDecimal amount = number(total);
        return amount == null
                ? new ErpTotal(
                        null,
                        committed(connector, document, reference) + " and answered a total that is no number: '" + total
                                + "'")
                : new ErpTotal(amount, alarm(connector, document, reference, amount));
    }

    /** What is wrong, for people; null if both are equal to the last digit. */
    static String alarm(String connector, IssuedDocument document, String reference, BigDecimal erpTotal) {
        return erpTotal.compareTo(document.total()) == 0
                ? null
                : committed(connector, document, reference) + " with total " + Decimals.plain(erpTotal)
                        + ", the document says " + Decimals.plain(document.total())
                        + "; correct it in the ERP and find out which product or tax maps wrongly";
    }

    private static String committed(String connector, IssuedDocument document, String reference) {
        return "ALARM: connector " + connector + " committed document " + document.number() + " as " + reference;
    }

    private static BigDecimal number(String total) {
        try {
            return total == null ? null : Decimals.parse(total.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
