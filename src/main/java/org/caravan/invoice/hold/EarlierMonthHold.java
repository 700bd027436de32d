package org.caravan.invoice.hold;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.ledger.OpenMonths;
import org.caravan.ledger.TenantRef;

/** A tenant's months close in calendar order: an earlier one with entries that no document bears comes first. */
public record EarlierMonthHold() implements HoldRule {
    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        List<Hold> holds = new ArrayList<>();
        Set<Integer> held = new HashSet<>();
        for (Map.Entry<YearMonth, List<TenantRef>> open :
                OpenMonths.before(connection, scope.month(), scope.tenants()).entrySet()) {
            for (TenantRef tenant : open.getValue()) {
                if (held.add(tenant.id())) {
                    holds.add(new Hold(
                            "earlier-month",
                            false,
                            tenant,
                            open.getKey() + " is still open for " + tenant.name(),
                            "close it first: caravan close " + open.getKey()));
                }
            }
        }
        return holds;
    }
}
