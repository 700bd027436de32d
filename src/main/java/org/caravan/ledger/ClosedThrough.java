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
 * The greatest closed month of tenants, and what follows from it: usage of a month up to it is billed in the month after
 * it, the tenant's oldest open one, as {@link EntryKind#ADJUSTMENT}; later usage in its own month. Immutable.
 *
 * <p>It holds for as long as the caller's transaction holds the tenants' buckets, under whose locks it must be read.
 */
public final class ClosedThrough {
    private static final ClosedThrough NOTHING = new ClosedThrough(Map.of());

    private final Map<Integer, Integer> monthByTenant;

    private ClosedThrough(Map<Integer, Integer> monthByTenant) {
        this.monthByTenant = monthByTenant;
    }

    /**
     * Reads what concerns usage of these tenants.
     *
     * @param tenants ids
     * @param from month of the earliest usage that is going to be asked for
     */
    public static ClosedThrough read(Connection connection, Collection<Integer> tenants, YearMonth from)
            throws SQLException {
        Map<Integer, Integer> months = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select tenant, max(month) from month
                 where tenant = any (?) and month >= ? and state = 'closed' group by tenant
                """)) {
            select.setArray(1, connection.createArrayOf("int4", tenants.toArray()));
            select.setDate(2, MonthStates.date(from));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    months.put(
                            row.getInt(1),
                            Months.number(YearMonth.from(row.getDate(2).toLocalDate())));
                }
            }
        }
        return months.isEmpty() ? NOTHING : new ClosedThrough(months);
    }

    /** True if any tenant has closed this month or a later one: asked first, as mostly it is not so. */
    static boolean any(Connection connection, YearMonth from) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select exists (select from month where state = 'closed' and month >= ?)")) {
            select.setDate(1, MonthStates.date(from));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    static ClosedThrough nothing() {
        return NOTHING;
    }

    /** The month whose document bears a tenant's usage of a month that is not before {@code from}. */
    public YearMonth billingMonth(int tenant, YearMonth usageMonth) {
        return Months.of(billingMonth(tenant, Months.number(usageMonth)));
    }

    int billingMonth(int tenant, int usageMonth) {
        if (monthByTenant.isEmpty()) {
            return usageMonth;
        }
        Integer closed = monthByTenant.get(tenant);
        return closed == null || closed < usageMonth ? usageMonth : closed + 1;
    }
}
