package org.caravan.invoice;

import java.math.BigDecimal;
import org.caravan.common.Decimals;

/** The total that an ERP computed against the document's own. */
final class ErpTotal {
    private ErpTotal() {}

    /** What is wrong, for people; null if both are equal to the last digit. */
    static String alarm(String connector, IssuedDocument document, String reference, BigDecimal erpTotal) {
        return erpTotal.compareTo(document.total()) == 0
                ? null
                : "ALARM: connector " + connector + " committed document " + document.number() + " as " + reference
                        + " with total " + Decimals.plain(erpTotal) + ", the document says "
                        + Decimals.plain(document.total())
                        + "; correct it in the ERP and find out which product or tax maps wrongly";
    }
}
