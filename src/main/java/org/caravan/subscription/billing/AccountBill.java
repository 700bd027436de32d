package org.caravan.subscription.billing;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caravan.common.UserError;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Charge;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.UsageSum;
import org.caravan.metering.Bands;

/** One account's bill in the making. */
final class AccountBill {
    private final PlanTerms terms;
    private final String account;
    private final List<Contract> contracts;
    private final Contract last;
    private final Unplanned unplanned;
    private final List<TenantMonth> usage = new ArrayList<>();
    private final Map<Key, ProductMonth> products = new TreeMap<>();
    private BigDecimal before = BigDecimal.ZERO;

    /** @param place of the subscription among the account's, the first to begin first */
    private record Key(int place, String product, YearMonth month) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::place).thenComparing(Key::product).thenComparing(Key::month);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** @param contracts in order of their begin; not empty */
    AccountBill(PlanTerms terms, String account, List<Contract> contracts) {
        this.terms = terms;
        this.account = account;
        this.contracts = contracts;
        this.last = contracts.get(contracts.size() - 1);
        this.unplanned = terms.unplanned(account);
    }

    /** Takes what a tenant used. */
    void add(TenantMonth month) {
        String tenant = AccountProfiles.tenantName(month.tenant());
        List<UsageSum> rest = new ArrayList<>();
        for (UsageSum sum : month.sums()) {
            Contract contract = contract(tenant, sum);
            if (!Unplanned.waits(sum)) {
                rest.add(sum);
            } else if (contract == null) {
                rest.add(unplanned.without(sum, "no subscription holds its days"));
            } else {
                Optional<PlanItem> item = item(contract, sum);
                if (item.isEmpty()) {
                    rest.add(unplanned.without(sum, "plan " + contract.planTitle() + " has no such product"));
                } else {
                    if (item.get().rules().isEmpty()) {
                        unplanned.warn(sum, "the plan and its product say none");
                    }
                    product(contract, item.get(), sum.usageMonth()).add(tenant, sum);
                    before = before.add(sum.amount());
                }
            }
        }
        usage.add(new TenantMonth(month.tenant(), month.month(), month.epoch(), List.copyOf(rest), month.resources()));
    }

    /** The subscription that holds the days of a sum, or null. */
    private Contract contract(String tenant, UsageSum sum) {
        if (sum.since() == null) {
            return null;
        }
        LocalDate day = sum.since();
        Contract found = null;
        for (Contract contract : terms.of(tenant)) {
            found = contract.holds(day) ? contract : found;
        }
        if (found != null && !found.customer().equals(last.customer())) {
            throw new UserError("tenant " + tenant + " has late usage from " + day + " on, of another customer's"
                    + " subscription " + found.id() + ", which has ended; credit or re-rate it by hand: it is billed to"
                    + " nobody until the tenant is that customer's again");
        }
        return found;
    }

    private Optional<PlanItem> item(Contract contract, UsageSum sum) {
        Map<String, PlanItem> items = terms.items(contract);
        return Optional.ofNullable(items.get(sum.product()))
                .or(() -> Bands.part(sum.product()).map(part -> items.get(part.product())))
                .or(() -> Optional.ofNullable(items.get(sum.meter())));
    }

    private ProductMonth product(Contract contract, PlanItem item, YearMonth month) {
        Key key = new Key(place(contract), item.name(), month);
        return products.computeIfAbsent(key, k -> new ProductMonth(terms, contract, item, month));
    }

    private int place(Contract contract) {
        for (int i = 0; i < contracts.size(); i++) {
            if (contracts.get(i).id().equals(contract.id())) {
                return i;
            }
        }
        throw new IllegalStateException("subscription " + contract.id() + " is not of account " + account);
    }

    Terms.Bill bill(Duration due) {
        Map<Contract, Boolean> months = new LinkedHashMap<>();
        for (Contract contract : contracts) {
            if (contract.days(terms.month()) > 0 && !terms.isBilled(contract)) {
                months.put(contract, terms.isDue(contract));
                terms.items(contract).values().stream()
                        .filter(item -> item.rules().ofPeriod().signum() != 0)
                        .forEach(item -> product(contract, item, terms.month()).addPeriod());
            }
        }
        List<Charge> charges = new ArrayList<>();
        List<PlanBinding.Price> prices = new ArrayList<>();
        BigDecimal after = BigDecimal.ZERO;
        for (ProductMonth product : products.values()) {
            for (Charge charge : product.charges()) {
                charges.add(charge);
                for (Charge.Item item : charge.items()) {
                    after = after.add(item.sum().amount());
                }
            }
            product.price().ifPresent(prices::add);
        }
        return new Terms.Bill(
                usage,
                charges,
                after.subtract(before),
                new PlanBinding(account, last, terms.month(), months, prices, due));
    }
}
