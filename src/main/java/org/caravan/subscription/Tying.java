package org.caravan.subscription;

import java.sql.SQLException;

/** Ties subscriptions to resources and ends them, under the locks that whoever sums the tenants' usage holds. */
public interface Tying {
    /**
     * Ties a subscription from its creation on; done again it changes nothing.
     *
     * @throws Refusal if it can't be tied
     */
    void tie(String subscription, String type, String resource) throws SQLException;

    /** Ends a subscription now; done again it changes nothing. */
    void end(String subscription) throws SQLException;
}
