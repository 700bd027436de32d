package org.caravan.subscription.billing;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravan.invoice.contract.Binding;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.hold.Hold;
import org.caravan.ledger.Cuts;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;
import org.caravan.metering.UsageKey;

/** Plans in one billing month. */
final class PlanTerms implements Terms {
    private final YearMonth month;
    private final Instant now;
    private final BillingSettings settings;
    private final String currency;
    private final Map<String, Map<String, PlanItem>> items;
    private final Set<String> billed;
    private final Map<ContractRows.FrozenKey, ContractRows.Frozen> frozen;
    private final Set<String> earlierDue;
    private final boolean quiet;
    private final Map<String, List<Contract>> byAccount = new TreeMap<>();
    private final Map<String, List<Contract>> byTenant = new HashMap<>();
    private final Cuts cuts;

    /** @param quiet true to say nothing of usage that has no price, as somebody only looks */
    PlanTerms(
            YearMonth month,
            Instant now,
            BillingSettings settings,
            String currency,
            List<Contract> contracts,
            Map<String, Map<String, PlanItem>> items,
            Set<String> billed,
            Map<ContractRows.FrozenKey, ContractRows.Frozen> frozen,
            Set<String> earlierDue,
            boolean quiet) {
        this.month = month;
        this.now = now;
        this.settings = settings;
        this.currency = currency;
        this.items = items;
        this.billed = billed;
        this.frozen = frozen;
        this.earlierDue = earlierDue;
        this.quiet = quiet;
        Map<Integer, SortedSet<LocalDate>> days = new HashMap<>();
        for (Contract contract : contracts) {
            byAccount
                    .computeIfAbsent(SubscriptionAccounts.account(contract, settings), account -> new ArrayList<>())
                    .add(contract);
            if (contract.tenant() != null) {
                byTenant.computeIfAbsent(contract.tenant(), tenant -> new ArrayList<>())
                        .add(contract);
            }
            if (contract.tenantId() != 0) {
                SortedSet<LocalDate> of = days.computeIfAbsent(contract.tenantId(), tenant -> new TreeSet<>());
                of.add(contract.from());
                if (contract.until() != null) {
                    of.add(contract.until());
                }
            }
        }
        this.cuts = new Cuts(days);
    }

    @Override
    public Cuts cuts() {
        return cuts;
    }

    @Override
    public Set<String> due() {
        Set<String> due = new TreeSet<>();
        byAccount.forEach((account, contracts) -> {
            if (contracts.stream().anyMatch(this::isDue)) {
                due.add(account);
            }
        });
        return due;
    }

    /** True if its plan charges a fixed price for this month, and no document bears it yet. */
    boolean isDue(Contract contract) {
        return contract.days(month) > 0
                && !billed.contains(contract.id())
                && items(contract).values().stream()
                        .anyMatch(item -> item.rules().ofPeriod().signum() != 0);
    }

    /** The subscriptions that a tenant was ever tied to. */
    List<Contract> of(String tenant) {
        return byTenant.getOrDefault(tenant, List.of());
    }

    Map<String, PlanItem> items(Contract contract) {
        return items.getOrDefault(contract.plan(), Map.of());
    }

    @Override
    public Map<String, List<Hold>> holds() {
        Map<String, List<Hold>> holds = new LinkedHashMap<>();
        byAccount.forEach((account, contracts) -> {
            List<Hold> found = new ArrayList<>();
            LocalDate day = issueDay(contracts);
            if (day.atStartOfDay(ZoneOffset.UTC).toInstant().isAfter(now)) {
                found.add(new Hold(
                        "billing-day",
                        true,
                        shown(contracts),
                        month + " of account " + account + " is issued on its billing day, " + day,
                        "wait for it"));
            }
            contracts.stream()
                    .filter(contract -> contract.days(month) > 0
                            && !contract.merchantCurrency().equals(currency)
                            && items(contract).values().stream()
                                    .anyMatch(item -> !item.rules().isEmpty()))
                    .findFirst()
                    .ifPresent(contract -> found.add(new Hold(
                            "price",
                            false,
                            shown(contracts),
                            "subscription " + contract.id() + ": its merchant's prices are in "
                                    + contract.merchantCurrency() + ", the ledger's currency is " + currency,
                            "let the merchant have that currency; its customers may have others")));
            contracts.stream()
                    .filter(contract -> earlierDue.contains(contract.id()))
                    .findFirst()
                    .ifPresent(contract -> found.add(new Hold(
                            "earlier-month",
                            false,
                            shown(contracts),
                            "a month before " + month + " is due of subscription " + contract.id(),
                            "close it first")));
            if (!found.isEmpty()) {
                holds.put(account, found);
            }
        });
        return holds;
    }

    /** The day on which the latest of an account's subscriptions is billed; 29 to 31 fall back to a month's last day. */
    private LocalDate issueDay(List<Contract> contracts) {
        List<Contract> current =
                contracts.stream().filter(contract -> contract.days(month) > 0).toList();
        int day = (current.isEmpty() ? contracts : current)
                .stream().mapToInt(Contract::billingDay).max().orElse(1);
        YearMonth following = month.plusMonths(1);
        return following.atDay(Math.min(day, following.lengthOfMonth()));
    }

    private static TenantRef shown(List<Contract> contracts) {
        return new TenantRef(0, UsageKey.DEFAULT_REALM, contracts.get(0).account(), 0);
    }

    @Override
    public Bill bill(AccountProfile profile, List<TenantMonth> usage) {
        List<Contract> contracts = byAccount.getOrDefault(profile.account(), List.of());
        if (contracts.isEmpty()) {
            Unplanned unplanned = unplanned(profile.account());
            return new Bill(unplanned.of(usage), List.of(), BigDecimal.ZERO, Binding.none());
        }
        AccountBill bill = new AccountBill(this, profile.account(), contracts);
        usage.forEach(bill::add);
        return bill.bill(settings.due());
    }

    Unplanned unplanned(String account) {
        return new Unplanned(account, quiet);
    }

    YearMonth month() {
        return month;
    }

    boolean isBilled(Contract contract) {
        return billed.contains(contract.id());
    }

    ContractRows.Frozen frozen(Contract contract, PlanItem item, YearMonth of) {
        return frozen.get(new ContractRows.FrozenKey(contract.id(), item.product(), of));
    }
}
