package org.caravan.invoice.hold;

import org.caravan.ledger.TenantRef;

/**
 * A reason why a month stays open.
 *
 * @param kind one word for scripts, such as {@code source}
 * @param forcible true if a person may close over it
 * @param tenant whom it holds, null for all; its id is 0 where the ledger has no entries of it
 * @param reason what is the matter and where
 * @param remedy what ends it
 */
public record Hold(String kind, boolean forcible, TenantRef tenant, String reason, String remedy) {
    /** The one line for people. */
    public String text() {
        return reason + "; " + remedy;
    }
}
