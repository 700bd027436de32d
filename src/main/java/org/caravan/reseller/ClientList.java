package org.caravan.reseller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.common.Json;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.AccountProfiles;

/** A reseller's clients, in the order in which they came; also those that were deleted. */
public final class ClientList {
    private static final String SELECT =
            """
            select %s, f.*,
                   exists (select from subscription s where s.customer_id = c.id and s.ended_at is null) as is_active,
                   exists (select from payment_method p where p.customer_id = c.id and p.state = 'ACTIVE') as is_validated,
                   exists (select from invoice_status v where v.customer_id = c.id and v.state = 'pending' and v.due < ?)
                     as is_overdue,
                   (select jsonb_agg(distinct jsonb_build_array(t.realm, t.name)) from reseller_tenant t
                     where t.customer_id = c.id) as projects
              from customer c
              left join lateral (select email, first_name, last_name, company, address1, address2, address3, locality, i.region,
                                        country_name, postal_code, phone, website
                                   from contact_info i where i.customer_id = c.id
                                  order by i.id is not distinct from c.default_info desc, i.place limit 1) f on true
             where c.merchant_id = ?
            """
                    .formatted(
                            "c.id, c.merchant_id, coalesce(c.title, c.name) as name, c.account, c.currency, c.created_at,"
                                    + " c.deleted_at");

    /** As {@link ProviderList}, of one client. */
    private static final String AT =
            """
             and exists (select from reseller_tenant o
                           join tenant t on t.realm = o.realm and t.name = o.name
                          where o.customer_id = c.id
                            and (exists (select from resource r join term d on d.id = r.datacenter
                                          where r.tenant = t.id and d.value = any (?))
                                 or not exists (select from resource r where r.tenant = t.id)
                                    and (exists (select from rollup u join term d on d.id = u.datacenter
                                                  where u.tenant = t.id and d.value = any (?))
                                         or exists (select from entry e join term d on d.id = e.datacenter
                                                     where e.tenant = t.id and d.value = any (?)
                                                       and e.batch in (select id from batch where rolled_at is null)))))
            """;

    private final DataSource dataSource;
    private final Clock clock;

    public ClientList(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** @param datacenters only clients with resources in one of these; null for all */
    public List<ClientProfile> page(Reseller reseller, List<String> datacenters, Page page) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            if (page.marker() != null && !isThere(connection, reseller, page.marker())) {
                throw Page.unknownMarker();
            }
            return read(connection, reseller, datacenters, page);
        });
    }

    private static boolean isThere(Connection connection, Reseller reseller, String id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select from customer where merchant_id = ? and id = ?")) {
            select.setString(1, reseller.id());
            select.setString(2, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private List<ClientProfile> read(Connection connection, Reseller reseller, List<String> datacenters, Page page)
            throws SQLException {
        String sql = SELECT
                + (datacenters == null ? "" : AT)
                + (page.marker() == null
                        ? ""
                        : " and (c.created_at, c.id) > (select created_at, id from customer where id = ?)")
                + " order by c.created_at, c.id limit " + page.rows();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int place = 1;
            select.setObject(place++, SqlTime.at(clock.instant()));
            select.setString(place++, reseller.id());
            for (int i = 0; datacenters != null && i < 3; i++) {
                select.setArray(place++, connection.createArrayOf("text", datacenters.toArray()));
            }
            if (page.marker() != null) {
                select.setString(place, page.marker());
            }
            List<ClientProfile> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(profile(row));
                }
            }
            return found;
        }
    }

    private static ClientProfile profile(ResultSet row) throws SQLException {
        return new ClientProfile(
                Clients.read(row),
                row.getBoolean("is_active"),
                row.getBoolean("is_validated"),
                row.getBoolean("is_overdue"),
                projects(row.getString("projects")),
                new ClientProfile.Contact(
                        row.getString("first_name"),
                        row.getString("last_name"),
                        row.getString("company"),
                        row.getString("address1"),
                        row.getString("address2"),
                        row.getString("address3"),
                        row.getString("locality"),
                        row.getString("region"),
                        row.getString("country_name"),
                        row.getString("postal_code"),
                        row.getString("phone"),
                        row.getString("website")));
    }

    private static List<Project> projects(String json) {
        List<Project> projects = new ArrayList<>();
        if (json != null) {
            for (JsonNode pair : json(json)) {
                String realm = pair.get(0).textValue();
                String tenant = pair.get(1).textValue();
                projects.add(new Project(realm, tenant, AccountProfiles.tenantName(realm, tenant)));
            }
        }
        projects.sort(Comparator.comparing(Project::id));
        return projects;
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database made JSON that can't be read", e);
        }
    }
}
