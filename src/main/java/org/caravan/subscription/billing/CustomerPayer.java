package org.caravan.subscription.billing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.caravan.invoice.contract.Payer;
import org.caravan.invoice.document.AccountProfiles;

/**
 * One customer with its accounts and contracts, as {@link SubscriptionAccounts} and {@link PlanContracts} have them of all.
 * What others have of its tenants is read, too, as it decides whose a tenant is; so are tenants that the file ties to its
 * account.
 */
public final class CustomerPayer implements Payer {
    private final AccountProfiles file;
    private final BillingSettings settings;
    private final String currency;
    private final String customer;

    /**
     * @param currency the ledger's (ISO 4217)
     * @param customer its id, deleted or not
     */
    public CustomerPayer(AccountProfiles file, BillingSettings settings, String currency, String customer) {
        this.file = file;
        this.settings = settings;
        this.currency = currency;
        this.customer = customer;
    }

    @Override
    public Book read(Connection snapshot, YearMonth month, Instant now) throws SQLException {
        List<Contract> contracts = ContractRows.ofCustomer(snapshot, month, customer);
        Set<String> whose = contracts.stream().map(Contract::customer).collect(Collectors.toCollection(HashSet::new));
        whose.add(customer);
        Map<String, Customer> customers = CustomerRows.of(snapshot, whose);
        Customer payer = customers.get(customer);
        if (payer == null) {
            throw new IllegalArgumentException("no customer " + customer);
        }
        Map<String, Contract> last = new LinkedHashMap<>();
        contracts.stream()
                .filter(contract -> contract.tenant() != null)
                .forEach(contract -> last.put(contract.tenant(), contract));
        Set<String> accounts = new TreeSet<>(Set.of(payer.account()));
        Set<Integer> tenants = new TreeSet<>();
        for (Contract contract : last.values()) {
            if (contract.customer().equals(customer)) {
                accounts.add(SubscriptionAccounts.account(contract, settings));
                tenants.add(contract.tenantId());
            }
        }
        // a tenant that the ledger has no usage of has no id yet
        tenants.remove(0);
        tenants.addAll(ContractRows.untied(
                snapshot, month, Set.copyOf(file.profile(payer.account()).tenants())));
        return new Book(
                profiles(payer, customers, contracts),
                terms(snapshot, month, now, contracts),
                tenants,
                payer.account(),
                accounts);
    }

    /** One that has bought nothing yet is billed nothing by its own terms. */
    private AccountProfiles profiles(Customer payer, Map<String, Customer> customers, List<Contract> contracts) {
        AccountProfiles profiles = SubscriptionAccounts.profiles(file, settings, currency, customers, contracts);
        String account = payer.account();
        boolean known = contracts.stream().anyMatch(contract -> SubscriptionAccounts.account(contract, settings)
                .equals(account));
        return known
                ? profiles
                : profiles.with(
                        Map.of(account, payer.profile(account, List.of(), file.profile(account), currency, settings)),
                        Map.of());
    }

    private PlanTerms terms(Connection snapshot, YearMonth month, Instant now, List<Contract> contracts)
            throws SQLException {
        Set<String> ids = contracts.stream().map(Contract::id).collect(Collectors.toSet());
        Set<String> plans = contracts.stream().map(Contract::plan).collect(Collectors.toSet());
        return new PlanTerms(
                month,
                now,
                settings,
                currency,
                contracts,
                ContractRows.items(snapshot, plans),
                ContractRows.billed(snapshot, month, ids),
                ContractRows.frozenOf(snapshot, ids),
                Set.of(),
                true);
    }
}
