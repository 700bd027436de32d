package org.caravan.reseller;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** The clouds that a reseller knows: those open to all, its own, and those where clients of it have resources. */
public final class ProviderList {
    /** By what was told of resources; of a tenant of which nothing was told, by its usage. */
    private static final String USED =
            """
            select d.value from term d
             where d.id in (select r.datacenter from reseller_tenant o
                              join tenant t on t.realm = o.realm and t.name = o.name
                              join resource r on r.tenant = t.id
                             where o.merchant_id = ?
                             union
                            select u.datacenter from reseller_tenant o
                              join tenant t on t.realm = o.realm and t.name = o.name
                             cross join lateral (select datacenter from rollup where tenant = t.id
                                                  union
                                                 select datacenter from entry where tenant = t.id
                                                    and batch in (select id from batch where rolled_at is null)) u
                             where o.merchant_id = ? and not exists (select from resource r where r.tenant = t.id))
             order by d.value collate "C"
            """;

    private final DataSource dataSource;
    private final Providers providers;

    public ProviderList(DataSource dataSource, Providers providers) {
        this.dataSource = dataSource;
        this.providers = providers;
    }

    /** In the file's order, then those that it does not describe, by name. */
    public List<Provider> of(Reseller reseller) throws SQLException {
        Map<String, Provider> known = new LinkedHashMap<>();
        for (Provider provider : providers.described()) {
            if (!provider.isPrivate() || provider.isOf(reseller)) {
                known.put(provider.id(), provider);
            }
        }
        for (String datacenter : used(reseller)) {
            Provider provider = providers.of(datacenter);
            known.putIfAbsent(provider.id(), provider);
        }
        return List.copyOf(known.values());
    }

    /** @return empty if there is none of this id, or the reseller has nothing to do with it */
    public Optional<Provider> find(Reseller reseller, String id) throws SQLException {
        return of(reseller).stream()
                .filter(provider -> provider.id().equals(id))
                .findFirst();
    }

    private List<String> used(Reseller reseller) throws SQLException {
        return Transactions.single(dataSource, connection -> used(connection, reseller.id()));
    }

    private static List<String> used(Connection connection, String merchant) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(USED)) {
            select.setString(1, merchant);
            select.setString(2, merchant);
            List<String> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        }
    }
}
