package org.caravan.api.subscription;

import java.sql.SQLException;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Request;
import org.caravan.subscription.Customers;
import org.caravan.subscription.Merchants;
import org.caravan.subscription.Refusal;
import org.caravan.subscription.Scope;

/** Within what a request is answered: the one place that tells merchants and customers apart. */
final class Scopes {
    static final String MERCHANT = "merchant_id";

    private final Merchants merchants;
    private final Customers customers;

    Scopes(Merchants merchants, Customers customers) {
        this.merchants = merchants;
        this.customers = customers;
    }

    /** Whoever's thing it is, without a merchant in the path: all of them, or the caller's own merchant. */
    Scope ofAll(Request request) throws SQLException {
        Caller caller = request.caller();
        return caller.isAdmin() ? Scope.ALL : Scope.of(own(caller));
    }

    /**
     * Within the merchant of the path.
     *
     * @param parent name of the path's variable for the thing whose part is asked for, or null
     * @throws Refusal as if there were no such merchant, where it is another one than the caller's
     */
    Scope of(Request request, String parent) throws SQLException {
        Caller caller = request.caller();
        String merchant = request.variable(MERCHANT);
        if (!caller.isAdmin() && !merchant.equals(own(caller)) || !merchants.isThere(merchant)) {
            throw Refusal.notFound("Merchant");
        }
        return new Scope(
                merchant,
                isCustomer(caller) ? caller.grant().subject() : null,
                parent == null ? null : request.variable(parent));
    }

    private static boolean isCustomer(Caller caller) {
        return !caller.isAdmin() && caller.roles().contains(Caller.CUSTOMER);
    }

    /** The merchant that a caller is, or buys at. */
    private String own(Caller caller) throws SQLException {
        if (caller.grant() == null) {
            throw Refusal.notFound("Merchant");
        }
        String subject = caller.grant().subject();
        return isCustomer(caller)
                ? customers.merchantOf(subject).orElseThrow(() -> Refusal.notFound("Merchant"))
                : subject;
    }
}
