package org.caravan.subscription.billing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.invoice.hold.HoldScope;
import org.caravan.ledger.OpenMonths;
import org.caravan.ledger.TenantRef;

/** A tenant that no subscription was ever tied to, where such tenants are not to be billed to themselves. */
record UnsubscribedHold() implements HoldRule {
    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        Set<String> tied = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select realm, tenant from contract where tenant is not null and from_day < ?")) {
            select.setObject(1, scope.month().plusMonths(1).atDay(1));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tied.add(AccountProfiles.tenantName(row.getString(1), row.getString(2)));
                }
            }
        }
        List<Hold> holds = new ArrayList<>();
        for (TenantRef tenant : OpenMonths.of(connection, scope.month())) {
            boolean asked = scope.tenants().ids().contains(tenant.id())
                    != scope.tenants().except();
            if (asked && !tied.contains(AccountProfiles.tenantName(tenant))) {
                holds.add(new Hold(
                        "subscription",
                        true,
                        tenant,
                        "tenant " + tenant.name() + " has no subscription",
                        "tie it to one, or set caravan.close.unsubscribed=bill"));
            }
        }
        return holds;
    }
}
