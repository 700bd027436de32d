package org.caravan.invoice.cost;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.invoice.hold.HoldScope;
import org.caravan.ledger.TenantRef;

/** A tenant with usage that is priced at close, and whose price is missing: nobody may bill it as 0. */
public record CostHold(CostPrices prices) implements HoldRule {
    /** Products named for one tenant. */
    private static final int MAX_NAMED = 20;

    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        if (!WaitingUsage.any(connection)) {
            return List.of();
        }
        List<Hold> holds = new ArrayList<>();
        TenantRef tenant = null;
        Set<String> named = new HashSet<>();
        for (WaitingUsage.Line line : WaitingUsage.of(connection, scope)) {
            if (!line.tenant().equals(tenant)) {
                tenant = line.tenant();
                named.clear();
            }
            try {
                prices.price(line.key(), line.unit());
            } catch (CostPrices.Missing e) {
                if (named.size() < MAX_NAMED && named.add(e.reason())) {
                    holds.add(new Hold(
                            "price",
                            false,
                            tenant,
                            "tenant " + tenant.name() + " has usage of "
                                    + line.key().month() + " without a price: " + e.reason(),
                            e.remedy()));
                }
            }
        }
        return holds;
    }
}
