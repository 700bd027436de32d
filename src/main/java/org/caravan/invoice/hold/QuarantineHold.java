package org.caravan.invoice.hold;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.caravan.ledger.TenantRef;
import org.caravan.metering.UsageKey;

/**
 * Records in quarantine that may be usage of the month: of the tenant that they name, of every tenant where they name none.
 * One whose month can't be read may be of any month that had begun when it was read.
 */
public record QuarantineHold() implements HoldRule {
    /** Quarantine keeps no realm, so the tenants of a name in every realm are meant. */
    private static final String HELD =
            """
            select q.name, q.records, q.reason, q.first, t.id, t.realm, t.bucket
              from (select tenant as name, count(*) as records, (array_agg(reason order by id))[1] as reason,
                           min(id) as first
                      from quarantine
                     where state = 'held' and (usage_month = ? or usage_month is null and created_at >= ?)
                     group by tenant) q
              left join tenant t on t.name = q.name
             order by q.name collate "C" nulls first, t.realm collate "C"
            """;

    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        List<Hold> holds = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(HELD)) {
            select.setObject(1, scope.month().atDay(1));
            select.setObject(2, scope.month().atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(1);
                    holds.add(new Hold(
                            "quarantine",
                            true,
                            name == null ? null : tenant(name, row),
                            "in quarantine is what may be usage of " + scope.month()
                                    + (name == null ? " of any tenant" : " of tenant " + name) + ": " + row.getLong(2)
                                    + (row.getLong(2) == 1 ? " record" : " records") + ", the first with id "
                                    + row.getLong(4) + " (" + row.getString(3) + ")",
                            "accept, retry or drop it with caravan quarantine, or set caravan.close.quarantine=allow"));
                }
            }
        }
        return holds;
    }

    private static TenantRef tenant(String name, ResultSet row) throws SQLException {
        String realm = row.getString(6);
        // without a row of its own (id 0) it has no entries that could be held
        return new TenantRef(row.getInt(5), realm == null ? UsageKey.DEFAULT_REALM : realm, name, row.getInt(7));
    }
}
