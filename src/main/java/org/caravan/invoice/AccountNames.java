package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.TenantRef;

/** The accounts that people mean by the names of tenants or accounts. */
public final class AccountNames {
    private AccountNames() {}

    /**
     * Finds the accounts: a tenant's name stands for the account that pays for it.
     *
     * @throws UserError if the ledger has neither a tenant nor an account of a name
     */
    public static Set<String> of(DataSource dataSource, AccountProfiles profiles, Collection<String> names)
            throws SQLException {
        Map<String, String> accounts = new HashMap<>();
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement("select id, realm, name, bucket from tenant");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TenantRef tenant = new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4));
                    String account = of(profiles, tenant);
                    accounts.put(AccountProfiles.tenantName(tenant), account);
                    accounts.put(account, account);
                }
            }
            return null;
        });
        // customers may owe something before they use anything
        profiles.named().forEach(profile -> accounts.putIfAbsent(profile.account(), profile.account()));
        Set<String> found = new LinkedHashSet<>();
        for (String name : names) {
            String account = accounts.get(name);
            if (account == null) {
                throw new UserError(
                        "tenant '" + name + "': the ledger has no tenant or account of this name; check it");
            }
            found.add(account);
        }
        return found;
    }

    /** The account that pays for a tenant, to be shown; its own name where the profiles contradict themselves. */
    public static String of(AccountProfiles profiles, TenantRef tenant) {
        try {
            return profiles.accountOf(tenant);
        } catch (UserError e) {
            return AccountProfiles.tenantName(tenant);
        }
    }
}
