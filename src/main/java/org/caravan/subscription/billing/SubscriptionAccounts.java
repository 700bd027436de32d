package org.caravan.subscription.billing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Accounts;

/**
 * Accounts of the file, and customers in the place of the tenants that their subscriptions are tied to. A tenant stays its last
 * customer's after the end of the subscription, as usage may come late. Safe for concurrent use.
 */
public final class SubscriptionAccounts implements Accounts {
    private final AccountProfiles file;
    private final BillingSettings settings;
    private final String currency;

    /** @param currency the ledger's (ISO 4217) */
    public SubscriptionAccounts(AccountProfiles file, BillingSettings settings, String currency) {
        this.file = file;
        this.settings = settings;
        this.currency = currency;
    }

    @Override
    public AccountProfiles file() {
        return file;
    }

    @Override
    public AccountProfiles at(Connection connection, YearMonth month) throws SQLException {
        if (!ContractRows.any(connection)) {
            return file;
        }
        return profiles(file, settings, currency, CustomerRows.all(connection), ContractRows.until(connection, month));
    }

    /**
     * The profiles of the file, and those that contracts make.
     *
     * @param customers whose the contracts are, by id
     * @param contracts the first to begin first
     */
    static AccountProfiles profiles(
            AccountProfiles file,
            BillingSettings settings,
            String currency,
            Map<String, Customer> customers,
            List<Contract> contracts) {
        Map<String, String> accountByTenant = new LinkedHashMap<>();
        Map<String, String> customerByAccount = new LinkedHashMap<>();
        Map<String, List<String>> tenants = new LinkedHashMap<>();
        for (Contract contract : contracts) {
            String account = account(contract, settings);
            customerByAccount.put(account, contract.customer());
            if (contract.tenant() != null) {
                String before = accountByTenant.put(contract.tenant(), account);
                if (before != null && !before.equals(account)) {
                    tenants.get(before).remove(contract.tenant());
                }
                List<String> of = tenants.computeIfAbsent(account, a -> new ArrayList<>());
                if (!of.contains(contract.tenant())) {
                    of.add(contract.tenant());
                }
            }
        }
        Map<String, AccountProfile> profiles = new LinkedHashMap<>();
        customerByAccount.forEach((account, customer) -> {
            Customer known = customers.get(customer);
            List<String> tied = settings.perTenant() ? List.of() : tenants.getOrDefault(account, List.of());
            profiles.put(account, known.profile(account, tied, file.profile(known.account()), currency, settings));
        });
        return file.with(profiles, accountByTenant);
    }

    /** Name of the account that a subscription is billed to. */
    static String account(Contract contract, BillingSettings settings) {
        return settings.perTenant() && contract.tenant() != null ? contract.tenant() : contract.account();
    }
}
