package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What deliveries that are not committed come to, and which connectors rest.
 *
 * @param totals by connector, of these by currency: sum of their documents' totals
 * @param resting until when a connector's lanes rest after failures, the last of several; absent if none does
 */
public record OpenDeliveries(Map<String, Map<String, BigDecimal>> totals, Map<String, Instant> resting) {
    public OpenDeliveries {
        totals = Map.copyOf(totals);
        resting = Map.copyOf(resting);
    }

    /** Looks once; reads the open deliveries alone. */
    public static OpenDeliveries read(Connection connection) throws SQLException {
        Map<String, Map<String, BigDecimal>> totals = new HashMap<>();
        Map<String, Instant> resting = new HashMap<>();
        try (Statement select = connection.createStatement()) {
            try (ResultSet row = select.executeQuery(
                    """
                    select v.connector, d.currency, sum(d.total) as total
                      from delivery v join document d on d.id = v.document
                     where v.state <> 'committed' group by v.connector, d.currency
                    """)) {
                while (row.next()) {
                    totals.computeIfAbsent(row.getString("connector"), name -> new TreeMap<>())
                            .put(row.getString("currency"), row.getBigDecimal("total"));
                }
            }
            try (ResultSet row = select.executeQuery(
                    """
                    select connector, max(paused_until) as until from delivery_lane
                     where paused_until > clock_timestamp() group by connector
                    """)) {
                while (row.next()) {
                    resting.put(row.getString("connector"), SqlTime.instant(row, "until"));
                }
            }
        }
        return new OpenDeliveries(totals, resting);
    }
}
