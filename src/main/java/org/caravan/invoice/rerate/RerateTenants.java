package org.caravan.invoice.rerate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.TenantRef;

/** The tenants of a ledger by the names that people and clients use, and how far each is billed. */
final class RerateTenants {
    private RerateTenants() {}

    /** Those of a realm by their names in it, in order of name. */
    static Map<String, TenantRef> ofRealm(Connection connection, String realm) throws SQLException {
        Map<String, TenantRef> found = new TreeMap<>();
        all(connection).values().stream()
                .filter(tenant -> tenant.realm().equals(realm))
                .forEach(tenant -> found.put(tenant.name(), tenant));
        return found;
    }

    /** All of them by the names that documents show, in order of name. */
    static Map<String, TenantRef> all(Connection connection) throws SQLException {
        Map<String, TenantRef> found = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("select id, realm, name, bucket from tenant");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                TenantRef tenant = new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4));
                found.put(AccountProfiles.tenantName(tenant), tenant);
            }
        }
        return found;
    }

    /** End of the latest usage that any tenant was billed; null if there is none. */
    static Instant lastProcessed(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("select max(last_end) as last from batch where accepted > 0");
                ResultSet row = select.executeQuery()) {
            row.next();
            return SqlTime.instant(row, "last");
        }
    }

    /** Of these tenants those to whom a month not before {@code from} is issued, with the greatest such month. */
    static Map<String, YearMonth> issued(Connection connection, Map<String, TenantRef> tenants, YearMonth from)
            throws SQLException {
        Map<Integer, YearMonth> closed = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select tenant, max(month) as month from month
                 where tenant = any (?) and month >= ? and state = 'closed' group by tenant
                """)) {
            select.setArray(1, connection.createArrayOf("int4", ids(tenants.values())));
            select.setObject(2, SqlTime.month(from));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    closed.put(row.getInt(1), SqlTime.month(row, "month"));
                }
            }
        }
        Map<String, YearMonth> found = new TreeMap<>();
        tenants.forEach((name, tenant) -> {
            if (closed.containsKey(tenant.id())) {
                found.put(name, closed.get(tenant.id()));
            }
        });
        return found;
    }

    static Object[] ids(Collection<TenantRef> tenants) {
        return tenants.stream().map(TenantRef::id).toArray();
    }

    /** A few names for a message. */
    static String some(Collection<String> names) {
        List<String> first = new ArrayList<>(names.stream().limit(5).toList());
        return String.join(", ", first) + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "");
    }
}
