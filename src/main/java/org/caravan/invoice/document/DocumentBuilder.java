package org.caravan.invoice.document;

import java.util.List;
import org.caravan.ledger.TenantMonth;

/** Makes a document from the sums of a month. Pure: the same input, in whatever order, gives an equal document. */
public final class DocumentBuilder {
    /** More unit prices than this for one product of a section are shown as one line with the effective price. */
    public static final int MAX_UNIT_PRICES = 5;

    /** Digits after the point of an effective price. */
    public static final int EFFECTIVE_DIGITS = 6;

    private DocumentBuilder() {}

    /**
     * Builds a document. Without usage it has no sections and a total of zero.
     *
     * @param usage one element per tenant of the account, all of the head's month
     * @throws org.caravan.common.UserError if the profile can't bill in the ledger's currency
     */
    public static Document build(DocumentHead head, AccountProfile profile, List<TenantMonth> usage) {
        throw new UnsupportedOperationException();
    }
}
