package org.caravan.invoice.rerate;

import java.time.Instant;
import java.util.List;
import org.caravan.ledger.RerateBatches;
import org.caravan.ledger.RerateScope;
import org.caravan.ledger.TenantRef;

/**
 * An order to re-rate, as it stands.
 *
 * @param from records that begin here or later
 * @param until and before here; null for no end
 * @param state {@code pending}, {@code running}, {@code done} or {@code failed}
 * @param owner who is at it, or was last; null before
 * @param tariff version of the tariff that the pass rates by; null before the first
 * @param place how far the pass has come; null before the first
 */
record RerateOrder(
        long id,
        RerateKind kind,
        Instant from,
        Instant until,
        String reason,
        String state,
        String owner,
        String tariff,
        RerateBatches.Place place) {

    boolean isEnded() {
        return state.equals("done") || state.equals("failed");
    }

    RerateScope scope(List<TenantRef> tenants) {
        return RerateScope.of(id, tenants, from, until, kind == RerateKind.CORRECTION);
    }
}
