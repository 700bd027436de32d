package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.caravan.common.UserError;
import org.caravan.invoice.contract.Contracts;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Accounts;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.invoice.hold.HoldScope;
import org.caravan.ledger.Cuts;
import org.caravan.ledger.MonthReader;
import org.caravan.ledger.OpenMonths;
import org.caravan.ledger.TenantChoice;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;

/**
 * The accounts of a month that can be closed, with their usage, and what holds the others: all from one snapshot, so that a
 * tenant whose usage is streamed was seen by the rules as it is.
 */
final class OpenAccounts {
    private final MonthReader months;
    private final Accounts accounts;
    private final Contracts contracts;
    private final List<HoldRule> rules;
    private final boolean heeded;
    private final CloseOrder order;
    private final Clock clock;

    /** As the snapshot says it; null before. */
    private AccountProfiles profiles;

    private Terms terms = Terms.none();

    private final Map<String, List<String>> held = new TreeMap<>();
    private final Map<String, List<Hold>> holdsByAccount = new HashMap<>();
    private final List<Hold> holds = new ArrayList<>();
    private final List<Hold> overridden = new ArrayList<>();
    private final Set<String> streamed = new HashSet<>();

    /**
     * @param rules what holds a month
     * @param heeded false to look at everything, whatever its contracts hold
     */
    OpenAccounts(
            MonthReader months,
            Accounts accounts,
            Contracts contracts,
            List<HoldRule> rules,
            boolean heeded,
            CloseOrder order,
            Clock clock) {
        this.months = months;
        this.accounts = accounts;
        this.contracts = contracts;
        this.rules = rules;
        this.heeded = heeded;
        this.order = order;
        this.clock = clock;
    }

    /**
     * Streams the accounts: those that are one tenant by realm and name, then those that tie tenants, by name.
     *
     * @param due true to look for open tenants first, as nothing is likely to be found
     */
    void stream(boolean due, BiConsumer<AccountProfile, List<TenantMonth>> consumer) throws SQLException {
        Map<String, List<TenantMonth>> tied = new TreeMap<>();
        months.openTenants(order.month(), new Choice(due), usage -> {
            AccountProfile profile = usage.sums().isEmpty() ? null : billed(usage.tenant());
            if (profile != null) {
                streamed.add(profile.account());
            }
            if (profile != null && profile.tenants().isEmpty()) {
                consumer.accept(profile, List.of(usage));
            } else if (profile != null) {
                tied.computeIfAbsent(profile.account(), name -> new ArrayList<>())
                        .add(usage);
            }
        });
        addDue(tied);
        tied.forEach((account, usage) -> consumer.accept(profiles.profile(account), usage));
    }

    /** Accounts that have something due by contract and no usage that waits. */
    private void addDue(Map<String, List<TenantMonth>> tied) {
        if (!holds.isEmpty()) {
            return;
        }
        for (String account : terms.due()) {
            if (!streamed.contains(account) && billed(account) != null) {
                tied.computeIfAbsent(account, name -> new ArrayList<>());
            }
        }
    }

    /** Accounts and contracts as a transaction sees them. */
    Issue.Book read(Connection connection) throws SQLException {
        return new Issue.Book(
                accounts.at(connection, order.month()), contracts.terms(connection, order.month(), clock.instant()));
    }

    /** The contracts that were read with the usage. */
    Terms terms() {
        return terms;
    }

    /** Chooses tenants from the snapshot, and says where their usage is cut. */
    private final class Choice implements MonthReader.Chooser {
        private final boolean due;

        Choice(boolean due) {
            this.due = due;
        }

        @Override
        public TenantChoice choose(Connection snapshot) throws SQLException {
            Issue.Book book = read(snapshot);
            profiles = book.profiles();
            terms = book.terms();
            return OpenAccounts.this.choose(snapshot, due);
        }

        @Override
        public Cuts cuts() {
            return terms.cuts();
        }
    }

    /** Reasons by account that stays open. */
    Map<String, List<String>> held() {
        return held;
    }

    /** What holds every account; then nothing was streamed. */
    List<Hold> holds() {
        return holds;
    }

    /** What does not count in this order. */
    List<Hold> overridden() {
        return overridden;
    }

    private TenantChoice choose(Connection snapshot, boolean due) throws SQLException {
        for (Hold hold : find(snapshot, TenantChoice.all())) {
            if (hold.tenant() == null) {
                (order.overrides(hold) ? overridden : holds).add(hold);
                continue;
            }
            String account = account(hold.tenant());
            if (account != null && order.isFor(account)) {
                holdsByAccount
                        .computeIfAbsent(account, name -> new ArrayList<>())
                        .add(hold);
            }
        }
        if (heeded) {
            terms.holds().forEach((account, found) -> {
                if (order.isFor(account)) {
                    holdsByAccount
                            .computeIfAbsent(account, name -> new ArrayList<>())
                            .addAll(found);
                }
            });
        }
        if (holds.isEmpty() && order.accounts() == null && !due) {
            return TenantChoice.all();
        }
        List<Integer> only = new ArrayList<>();
        boolean any = terms.due().stream().anyMatch(order::isFor);
        for (TenantRef tenant : OpenMonths.of(snapshot, order.month())) {
            boolean ready = billed(tenant) != null;
            if (ready) {
                only.add(tenant.id());
            }
            any |= ready || holdsByAccount.containsKey(account(tenant));
        }
        if (!any) {
            // nobody is left whom they could hold
            holds.clear();
        }
        return TenantChoice.only(holds.isEmpty() ? only : List.of());
    }

    /** What holds the month for anybody. */
    List<Hold> find(Connection connection) throws SQLException {
        List<Hold> found = new ArrayList<>(find(connection, TenantChoice.all()));
        contracts
                .terms(connection, order.month(), clock.instant())
                .holds()
                .values()
                .forEach(found::addAll);
        return found;
    }

    private List<Hold> find(Connection connection, TenantChoice tenants) throws SQLException {
        Instant now = clock.instant();
        List<Hold> found = new ArrayList<>();
        for (HoldRule rule : rules) {
            found.addAll(rule.find(connection, new HoldScope(order.month(), tenants, now)));
        }
        return found;
    }

    /**
     * Asks again, under the locks of the buckets of tenants whose usage changed since the snapshot.
     *
     * @return the reason by tenant id
     */
    Map<Integer, String> recheck(Connection connection, Collection<Integer> tenants) throws SQLException {
        Map<Integer, String> found = new LinkedHashMap<>();
        for (Hold hold : find(connection, TenantChoice.only(tenants))) {
            if (order.overrides(hold)) {
                continue;
            }
            Collection<Integer> whom =
                    hold.tenant() == null ? tenants : List.of(hold.tenant().id());
            whom.forEach(tenant -> found.putIfAbsent(tenant, hold.text()));
        }
        return found;
    }

    /** The profile of the account of a tenant with usage, if it is to be closed now; else null, the reason noted. */
    private AccountProfile billed(TenantRef tenant) {
        return billed(account(tenant));
    }

    private AccountProfile billed(String account) {
        if (account == null || !order.isFor(account) || held.containsKey(account)) {
            return null;
        }
        AccountProfile profile = profiles.profile(account);
        if (!profile.bill()) {
            held.put(
                    account,
                    List.of("its profile says bill: false; set bill: true in the accounts file to have it billed"));
            return null;
        }
        List<Hold> ofAccount = holdsByAccount.getOrDefault(account, List.of());
        List<String> reasons = ofAccount.stream()
                .filter(hold -> !order.overrides(hold))
                .map(Hold::text)
                .toList();
        if (!reasons.isEmpty()) {
            held.put(account, reasons);
            return null;
        }
        if (holdsByAccount.remove(account) != null) {
            overridden.addAll(ofAccount);
        }
        return profile;
    }

    private String account(TenantRef tenant) {
        try {
            return profiles.accountOf(tenant);
        } catch (UserError e) {
            held.put(AccountProfiles.tenantName(tenant), List.of(e.getMessage()));
            return null;
        }
    }
}
