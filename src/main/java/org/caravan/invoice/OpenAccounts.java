package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.invoice.hold.HoldScope;
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
    private final AccountProfiles profiles;
    private final List<HoldRule> rules;
    private final CloseOrder order;
    private final Clock clock;

    private final Map<String, List<String>> held = new TreeMap<>();
    private final Map<String, List<Hold>> holdsByAccount = new HashMap<>();
    private final List<Hold> holds = new ArrayList<>();
    private final List<Hold> overridden = new ArrayList<>();

    OpenAccounts(MonthReader months, AccountProfiles profiles, List<HoldRule> rules, CloseOrder order, Clock clock) {
        this.months = months;
        this.profiles = profiles;
        this.rules = rules;
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
        months.openTenants(order.month(), snapshot -> choose(snapshot, due), usage -> {
            AccountProfile profile = usage.sums().isEmpty() ? null : billed(usage.tenant());
            if (profile != null && profile.tenants().isEmpty()) {
                consumer.accept(profile, List.of(usage));
            } else if (profile != null) {
                tied.computeIfAbsent(profile.account(), name -> new ArrayList<>())
                        .add(usage);
            }
        });
        tied.forEach((account, usage) -> consumer.accept(profiles.profile(account), usage));
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
        for (Hold hold : find(snapshot)) {
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
        if (holds.isEmpty() && order.accounts() == null && !due) {
            return TenantChoice.all();
        }
        List<Integer> only = new ArrayList<>();
        boolean any = false;
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
        return find(connection, TenantChoice.all());
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
        String account = account(tenant);
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
