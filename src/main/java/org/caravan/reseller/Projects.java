package org.caravan.reseller;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.AccountProfiles;

/** Tenants as projects: each is the client's whose subscription had it last, as in billing. */
public final class Projects {
    private static final String LAST =
            "select t.realm, t.name as resource_id from reseller_tenant t where t.customer_id = ?";

    private final DataSource dataSource;

    public Projects(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A client's projects, in order of their ids. */
    public List<Project> of(Client client) throws SQLException {
        return Transactions.single(dataSource, connection -> read(connection, LAST, client.id()));
    }

    /** @return empty if the client has no project of this id */
    public Optional<Project> find(Client client, String id) throws SQLException {
        return Transactions.single(
                dataSource, connection -> read(
                                connection,
                                LAST + " and (t.name = ? or t.realm <> 'default' or t.name like '@%')",
                                client.id(),
                                id)
                        .stream()
                        .filter(project -> project.id().equals(id))
                        .findFirst());
    }

    private static List<Project> read(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select distinct realm, resource_id from (" + sql + ") x order by 1, 2")) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            List<Project> projects = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String realm = row.getString(1);
                    String tenant = row.getString(2);
                    projects.add(new Project(realm, tenant, AccountProfiles.tenantName(realm, tenant)));
                }
            }
            return projects;
        }
    }
}
