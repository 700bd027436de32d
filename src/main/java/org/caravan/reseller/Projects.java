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
            """
            select s.realm, s.resource_id from subscription s
             where s.customer_id = ? and s.resource_type = 'tenant'
               and not exists (select from subscription o
                                where o.resource_id = s.resource_id and o.realm = s.realm and o.resource_type = 'tenant'
                                  and o.customer_id <> s.customer_id
                                  and (coalesce(o.tied_from, o.created_at), o.id) > (coalesce(s.tied_from, s.created_at), s.id))
            """;

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
                dataSource,
                connection ->
                        read(connection, LAST + " and (s.resource_id = ? or s.realm <> 'default')", client.id(), id)
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
