package org.caravan.invoice.rerate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.OpenMonths;
import org.caravan.ledger.TenantRef;

/** Whom a correction is about, and what was corrected for a reason before. */
final class CorrectionRows {
    private CorrectionRows() {}

    /**
     * The tenants of a correction.
     *
     * @param tenants to whom the month is issued, by name
     * @param closed the last closed month of each
     * @param open names of those with usage to whom it is not
     */
    record Chosen(Map<String, TenantRef> tenants, Map<String, YearMonth> closed, List<String> open) {
        /** The month that bears what is billed now of issued months. */
        YearMonth billedIn(String tenant) {
            return closed.get(tenant).plusMonths(1);
        }
    }

    /**
     * Chooses them.
     *
     * @param names empty for all to whom the month is issued
     * @throws UserError if there is none, or a named one is not among them
     */
    static Chosen choose(Connection connection, YearMonth month, Collection<String> names) throws SQLException {
        Map<String, TenantRef> tenants = RerateTenants.all(connection);
        if (!names.isEmpty()) {
            TreeSet<String> unknown = new TreeSet<>(names);
            unknown.removeAll(tenants.keySet());
            if (!unknown.isEmpty()) {
                throw new UserError(
                        "tenant '" + unknown.first() + "': the ledger has no tenant of this name; check it");
            }
            tenants.keySet().retainAll(names);
        }
        Map<String, YearMonth> closed = RerateTenants.issued(connection, tenants, month);
        Set<String> open = new TreeSet<>(tenants.keySet());
        open.removeAll(closed.keySet());
        if (!names.isEmpty() && !open.isEmpty()) {
            throw new UserError(month + " is not issued to " + RerateTenants.some(open)
                    + " yet: what is open is re-rated in place, with POST /v2/task/reprocesses");
        }
        tenants.keySet().retainAll(closed.keySet());
        if (tenants.isEmpty()) {
            throw new UserError(
                    month + " is issued to nobody: there is nothing to correct; caravan months shows what is");
        }
        Set<String> withUsage = new HashSet<>();
        if (!open.isEmpty()) {
            OpenMonths.of(connection, month).forEach(tenant -> withUsage.add(AccountProfiles.tenantName(tenant)));
        }
        open.retainAll(withUsage);
        return new Chosen(tenants, closed, List.copyOf(open));
    }

    /** Of these tenants those that are in an order of this reason already, done or not; by id. */
    static Set<Integer> ordered(Connection connection, Chosen chosen, String once) throws SQLException {
        Set<Integer> found = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select tenant from rerating_tenant where once = ? and tenant = any (?)")) {
            select.setString(1, once);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", RerateTenants.ids(chosen.tenants().values())));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getInt(1));
                }
            }
        }
        return found;
    }

    /** The orders of this reason with any of these tenants that are not done, the oldest first. */
    static List<Long> unfinished(Connection connection, Chosen chosen, String once) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select distinct o.id from rerating o join rerating_tenant r on r.rerating = o.id
                 where r.once = ? and r.tenant = any (?) and o.state <> 'done' order by o.id
                """)) {
            select.setString(1, once);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", RerateTenants.ids(chosen.tenants().values())));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
        }
        return found;
    }

    /**
     * What was billed for this reason, by tenant.
     *
     * @param since what was done from here on counts as done now
     */
    static Map<String, Corrections.Line> done(Connection connection, Chosen chosen, String once, Instant since)
            throws SQLException {
        Map<String, Corrections.Line> found = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select t.id, t.realm, t.name, t.bucket, r.*, o.ended_at,
                       (select max(e.billing_month) from entry e join batch b on b.id = e.batch
                         where b.rerating = r.rerating and e.tenant = r.tenant) as billed_in
                  from rerating_tenant r join rerating o on o.id = r.rerating join tenant t on t.id = r.tenant
                 where r.once = ? and r.tenant = any (?) and o.state = 'done'
                """)) {
            select.setString(1, once);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", RerateTenants.ids(chosen.tenants().values())));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Corrections.Line line = line(row, chosen, since);
                    found.put(line.tenant(), line);
                }
            }
        }
        return found;
    }

    private static Corrections.Line line(ResultSet row, Chosen chosen, Instant since) throws SQLException {
        String tenant = AccountProfiles.tenantName(
                new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4)));
        Instant ended = SqlTime.instant(row, "ended_at");
        YearMonth billedIn = row.getObject("billed_in") == null ? null : SqlTime.month(row, "billed_in");
        return new Corrections.Line(
                tenant,
                row.getLong("records"),
                row.getLong("changed"),
                row.getBigDecimal("before"),
                row.getBigDecimal("after"),
                row.getBigDecimal("difference"),
                row.getLong("unratable"),
                row.getLong("credited"),
                billedIn == null ? chosen.billedIn(tenant) : billedIn,
                since != null && !ended.isBefore(since) ? null : ended);
    }
}
