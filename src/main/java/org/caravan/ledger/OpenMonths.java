package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which tenants have entries that no document bears yet, by billing month. Read from the entries themselves, so that no
 * writer of entries can forget to tell.
 */
public final class OpenMonths {
    /** %2$s and %3$s narrow to tenants. What is rolled up is found by its index; what is not is read once per month. */
    private static final String TENANTS =
            """
            select t.id, t.realm, t.name, t.bucket
              from tenant t
             where not exists (select from month m
                                where m.tenant = t.id and m.month = '%1$s' and m.state = 'closed')
               and (exists (select from rollup r where r.billing_month = '%1$s' and r.tenant = t.id)
                    or t.id in (select e.tenant from entry e
                                 where e.billing_month = '%1$s' %3$s
                                   and e.batch in (select id from batch where rolled_at is null)))
                   %2$s
             order by t.realm collate "C", t.name collate "C", t.id
            """;

    private OpenMonths() {}

    /** The tenants whose entries of the month are not closed, in order of realm and name. */
    public static List<TenantRef> of(Connection connection, YearMonth month) throws SQLException {
        return known(connection).contains(month) ? tenants(connection, month, TenantChoice.all()) : List.of();
    }

    /**
     * The same for every month before one, those with none left out.
     *
     * @param tenants whom to look at
     */
    public static SortedMap<YearMonth, List<TenantRef>> before(
            Connection connection, YearMonth month, TenantChoice tenants) throws SQLException {
        SortedMap<YearMonth, List<TenantRef>> open = new TreeMap<>();
        for (YearMonth earlier : known(connection).headSet(month)) {
            List<TenantRef> found = tenants(connection, earlier, tenants);
            if (!found.isEmpty()) {
                open.put(earlier, found);
            }
        }
        return open;
    }

    /** Every month that entries may be in: those with partitions. */
    public static SortedSet<YearMonth> known(Connection connection) throws SQLException {
        SortedSet<YearMonth> months = new TreeSet<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select c.relname from pg_inherits i"
                        + " join pg_class c on c.oid = i.inhrelid where i.inhparent = 'entry'::regclass")) {
            while (row.next()) {
                LedgerSchema.monthOf("entry", row.getString(1)).ifPresent(months::add);
            }
        }
        return months;
    }

    private static List<TenantRef> tenants(Connection connection, YearMonth month, TenantChoice choice)
            throws SQLException {
        String sql = TENANTS.formatted(month.atDay(1), choice.condition("t.id"), choice.condition("e.tenant"));
        List<TenantRef> tenants = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                tenants.add(new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4)));
            }
        }
        return tenants;
    }
}
