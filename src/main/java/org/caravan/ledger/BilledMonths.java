package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * In which month, and as what, batches billed their usage, asked of their entries. One answer for a batch, tenant and month
 * of use: all of them were billed by what was closed at one moment.
 */
final class BilledMonths {
    private final Map<Use, Billed> byUse = new HashMap<>();

    private record Use(long batch, int tenant, int usageMonth) {}

    /**
     * How it was billed.
     *
     * @param month number of the billing month
     * @param kind of the entries; of a re-rating in place the one of what it re-rated
     */
    record Billed(int month, EntryKind kind) {}

    private BilledMonths() {}

    /**
     * Reads them.
     *
     * @param from the first month of use that is going to be asked for
     */
    static BilledMonths of(Connection connection, Collection<Long> batches, Collection<Integer> tenants, YearMonth from)
            throws SQLException {
        BilledMonths found = new BilledMonths();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select batch, tenant, date_trunc('month', usage_day)::date, billing_month, kind from entry
                 where batch = any (?) and tenant = any (?) and billing_month >= ? and records > 0
                 group by 1, 2, 3, 4, 5
                """)) {
            select.setArray(1, connection.createArrayOf("int8", batches.toArray()));
            select.setArray(2, connection.createArrayOf("int4", tenants.toArray()));
            select.setDate(3, MonthStates.date(from));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.byUse.put(
                            new Use(row.getLong(1), row.getInt(2), number(row, 3)),
                            new Billed(number(row, 4), EntryKind.of(row.getInt(5))));
                }
            }
        }
        return found;
    }

    /** @throws IllegalStateException if the batch billed nothing of the kind */
    Billed of(long batch, int tenant, int usageMonth) {
        Billed billed = byUse.get(new Use(batch, tenant, usageMonth));
        if (billed == null) {
            throw new IllegalStateException("batch " + batch + ": its archive holds records of " + Months.of(usageMonth)
                    + " of tenant " + tenant + " (id) that no entry bills; run caravan audit");
        }
        return billed;
    }

    private static int number(ResultSet row, int column) throws SQLException {
        return Months.number(YearMonth.from(row.getDate(column).toLocalDate()));
    }
}
