package org.caravan.invoice.cost;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravan.rating.cost.UnitCost;

/** The table of prices that documents bear. */
final class FrozenPrices {
    private FrozenPrices() {}

    /** All of some months of use. */
    static Map<CostKey, UnitCost> of(Connection connection, Collection<YearMonth> months) throws SQLException {
        Map<CostKey, UnitCost> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select usage_month, datacenter, product, price, unit from cost_price where usage_month = any (?)")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "date", months.stream().map(FrozenPrices::date).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(
                            new CostKey(
                                    YearMonth.from(row.getDate(1).toLocalDate()), row.getString(2), row.getString(3)),
                            new UnitCost(row.getBigDecimal(4), row.getString(5)));
                }
            }
        }
        return found;
    }

    /**
     * Freezes prices in the transaction that issues their documents. In the order of their keys, so that two issues wait for
     * each other and never lock each other out.
     *
     * @return those that are frozen otherwise, with the price that holds
     */
    static SortedMap<CostKey, UnitCost> freeze(
            Connection connection, SortedMap<CostKey, UnitCost> prices, String source, Instant now)
            throws SQLException {
        SortedMap<CostKey, UnitCost> others = new TreeMap<>();
        // the update changes nothing: it waits for whoever inserts the same, and answers what is there then
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into cost_price as known (usage_month, datacenter, product, price, unit, source, frozen_at)
                values (?, ?, ?, ?, ?, ?, ?)
                    on conflict (usage_month, datacenter, product) do update set price = known.price
                returning price, unit
                """)) {
            for (Map.Entry<CostKey, UnitCost> entry : prices.entrySet()) {
                CostKey key = entry.getKey();
                insert.setDate(1, date(key.month()));
                insert.setString(2, key.datacenter());
                insert.setString(3, key.product());
                insert.setBigDecimal(4, entry.getValue().price());
                insert.setString(5, entry.getValue().unit());
                insert.setString(6, source);
                insert.setTimestamp(7, Timestamp.from(now));
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    UnitCost holds = new UnitCost(row.getBigDecimal(1), row.getString(2));
                    if (!holds.equals(entry.getValue())) {
                        others.put(key, holds);
                    }
                }
            }
        }
        return others;
    }

    static Date date(YearMonth month) {
        return Date.valueOf(month.atDay(1));
    }
}
