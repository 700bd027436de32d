package org.caravan.invoice.cost;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravan.common.UserError;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.UsageSum;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.cost.CostUnits;
import org.caravan.rating.cost.UnitCost;

/**
 * A month's sums with what those come to that wait for their price. Quantities become ones of the price's unit; where that
 * rounds (seconds to begun hours) the sum of a resource and product counts, and of several parts of it each gets what it adds
 * to the rounded running sum.
 */
public final class CostPricing {
    private static final Comparator<UsageSum> IN_TIME = Comparator.comparing(UsageSum::kind)
            .thenComparing(UsageSum::firstBegin)
            .thenComparing(UsageSum::lastEnd)
            .thenComparing(UsageSum::meter)
            .thenComparing(UsageSum::identity)
            .thenComparing(UsageSum::unitPrice, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(UsageSum::amount)
            .thenComparing(UsageSum::quantity);

    private CostPricing() {}

    /**
     * Usage as it is billed, and the prices that it was given.
     *
     * @param usage as it came, with amounts where there were none
     * @param added what these amounts sum up to
     */
    public record Priced(List<TenantMonth> usage, SortedMap<CostKey, UnitCost> prices, BigDecimal added) {}

    /** @throws UserError naming the first price that is missing */
    public static Priced apply(List<TenantMonth> usage, CostPrices prices) {
        SortedMap<CostKey, UnitCost> used = new TreeMap<>();
        List<TenantMonth> priced = new ArrayList<>();
        for (TenantMonth month : usage) {
            boolean waiting = month.sums().stream().anyMatch(CostPricing::waits);
            priced.add(waiting ? priced(month, prices, used) : month);
        }
        return new Priced(List.copyOf(priced), used, sum(priced).subtract(sum(usage)));
    }

    private static BigDecimal sum(List<TenantMonth> usage) {
        BigDecimal sum = BigDecimal.ZERO;
        for (TenantMonth month : usage) {
            for (UsageSum one : month.sums()) {
                sum = sum.add(one.amount());
            }
        }
        return sum;
    }

    private static boolean waits(UsageSum sum) {
        return sum.later().contains(ModuleChain.COST);
    }

    /** What makes quantities one sum before it is rounded. */
    private record Group(CostKey key, String resource, String unit) {}

    private static TenantMonth priced(TenantMonth month, CostPrices prices, SortedMap<CostKey, UnitCost> used) {
        Map<Group, List<UsageSum>> groups = new HashMap<>();
        List<UsageSum> sums = new ArrayList<>();
        for (UsageSum sum : month.sums()) {
            if (waits(sum)) {
                CostKey key = new CostKey(usageMonth(sum, month.month()), sum.datacenter(), sum.product());
                groups.computeIfAbsent(new Group(key, sum.resource(), sum.unit()), g -> new ArrayList<>())
                        .add(sum);
            } else {
                sums.add(sum);
            }
        }
        groups.forEach((group, members) -> {
            CostPrices.Priced price;
            try {
                price = prices.price(group.key(), group.unit());
            } catch (CostPrices.Missing e) {
                throw new UserError(e.getMessage(), e);
            }
            used.put(group.key(), price.cost());
            sums.addAll(converted(members, price));
        });
        return new TenantMonth(month.tenant(), month.month(), month.epoch(), List.copyOf(sums), month.resources());
    }

    private static YearMonth usageMonth(UsageSum sum, YearMonth month) {
        return sum.usageMonth() == null ? month : sum.usageMonth();
    }

    private static List<UsageSum> converted(List<UsageSum> members, CostPrices.Priced price) {
        members.sort(IN_TIME);
        List<UsageSum> converted = new ArrayList<>();
        BigDecimal running = BigDecimal.ZERO;
        BigDecimal before = BigDecimal.ZERO;
        for (UsageSum sum : members) {
            running = running.add(sum.quantity());
            BigDecimal now = price.units().convert(running);
            converted.add(priced(sum, now.subtract(before), price));
            before = now;
        }
        return converted;
    }

    private static Set<String> withoutCost(Set<String> later) {
        Set<String> left = new HashSet<>(later);
        left.remove(ModuleChain.COST);
        return left;
    }

    private static UsageSum priced(UsageSum sum, BigDecimal quantity, CostPrices.Priced price) {
        BigDecimal cost = quantity.multiply(price.cost().price());
        // a price on top of another one stays linear only if the quantity did not change
        boolean alone = sum.amount().signum() == 0 && sum.unitPrice() == null;
        boolean both = sum.unitPrice() != null && price.units() == CostUnits.SAME;
        BigDecimal unitPrice = alone
                ? price.cost().price()
                : both ? sum.unitPrice().add(price.cost().price()) : null;
        return new UsageSum(
                sum.datacenter(),
                sum.meter(),
                sum.product(),
                sum.resource(),
                sum.identity(),
                price.unit(),
                unitPrice,
                true,
                sum.kind(),
                sum.usageMonth(),
                quantity,
                sum.amount().add(cost),
                sum.seconds(),
                sum.firstBegin(),
                sum.lastEnd(),
                sum.records(),
                withoutCost(sum.later()),
                sum.since());
    }
}
