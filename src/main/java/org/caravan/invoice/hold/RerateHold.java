package org.caravan.invoice.hold;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.caravan.ledger.TenantRef;

/**
 * A re-rating that is not done: of the month itself, or of an issued month whose difference goes into the next document. A
 * document in between would bear a part of it.
 */
public record RerateHold() implements HoldRule {
    private static final String UNFINISHED =
            """
            select distinct on (t.id) t.id, t.realm, t.name, t.bucket, o.kind, o.reason,
                   to_char(o.from_at at time zone 'UTC', 'YYYY-MM') as month
              from rerating o join rerating_tenant r on r.rerating = o.id join tenant t on t.id = r.tenant
             where o.state in ('pending', 'running') and o.from_at < ?
               and (o.kind = 'correction' or coalesce(o.until_at, 'infinity') > ?) %s
             order by t.id, o.id
            """;

    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        List<Hold> holds = new ArrayList<>();
        String sql = UNFINISHED.formatted(scope.tenants().condition("t.id"));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, OffsetDateTime.ofInstant(scope.end(), ZoneOffset.UTC));
            select.setObject(2, begin(scope.month()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    holds.add(hold(row));
                }
            }
        }
        return holds;
    }

    private static Hold hold(ResultSet row) throws SQLException {
        TenantRef tenant = new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4));
        String month = row.getString("month");
        boolean correction = row.getString("kind").equals("correction");
        return new Hold(
                "rerate",
                true,
                tenant,
                "tenant " + tenant.name()
                        + (correction ? ": the correction of " + month : ": re-rating from " + month + " on")
                        + " is not done (" + row.getString("reason") + ")",
                correction
                        ? "run the same caravan correct " + month + " again, which finishes it"
                        : "a running hub does it; caravan status says how far it is");
    }

    private static OffsetDateTime begin(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toOffsetDateTime();
    }
}
