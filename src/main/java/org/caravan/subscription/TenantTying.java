package org.caravan.subscription;

import java.sql.SQLException;
import org.caravan.metering.UsageKey;
import org.caravan.subscription.tie.TieRefused;
import org.caravan.subscription.tie.Ties;

/** Ties subscriptions to tenants of the default realm. What stands against it is told without naming whose it is. */
public final class TenantTying implements Tying {
    private final Ties ties;

    public TenantTying(Ties ties) {
        this.ties = ties;
    }

    @Override
    public void tie(String subscription, String type, String resource) throws SQLException {
        try {
            ties.tie(subscription, UsageKey.DEFAULT_REALM, type, resource);
        } catch (TieRefused e) {
            throw refusal(e);
        }
    }

    @Override
    public void end(String subscription) throws SQLException {
        try {
            ties.end(subscription);
        } catch (TieRefused e) {
            throw refusal(e);
        }
    }

    private static Refusal refusal(TieRefused refused) {
        return switch (refused.why()) {
            case UNKNOWN -> Refusal.notFound("Subscription");
            case ENDED -> Refusal.inUse("Subscription has ended and changes no more; make another one.");
            case TAKEN ->
                Refusal.of(
                        Refusal.Kind.DUPLICATE,
                        "This resource is tied to another subscription, or has usage that is still to be billed by one.");
            case USED ->
                Refusal.inUse(
                        "Subscription has usage of the resource that it is tied to; end it and make another one.");
            case UNFIT -> Refusal.invalid("resource_id", "must have 1 to " + Ties.MAX_LENGTH + " characters");
        };
    }
}
