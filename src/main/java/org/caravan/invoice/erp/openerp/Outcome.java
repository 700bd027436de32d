package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;

/** What became of a document. */
sealed interface Outcome {
    /**
     * It is there, posted.
     *
     * @param total as Odoo has it, in the document's sign
     */
    record Committed(String reference, BigDecimal total) implements Outcome {}

    /** It will never be taken as things are: a person is needed. */
    record Refused(String reason) implements Outcome {}

    /**
     * It certainly did not get there.
     *
     * @param retryAfter how long Odoo asks to be left alone, as HTTP says it; null if it does not
     */
    record Unsent(String reason, String retryAfter) implements Outcome {}

    /**
     * It may be there, in part or posted.
     *
     * @param retryAfter how long Odoo asks to be left alone, as HTTP says it; null if it does not
     */
    record Unknown(String reason, String retryAfter) implements Outcome {}
}
