package org.caravan.subscription.billing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.UsageSum;
import org.caravan.rating.ModuleChain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Usage that a plan should price and that has none: billed 0, and said so.
 *
 * @param quiet true where somebody only looks
 */
record Unplanned(String account, boolean quiet) {
    private static final Logger LOG = LoggerFactory.getLogger(Unplanned.class);

    /** True if a plan should price it. */
    static boolean waits(UsageSum sum) {
        return sum.later().contains(ModuleChain.PLAN);
    }

    List<TenantMonth> of(List<TenantMonth> usage) {
        List<TenantMonth> all = new ArrayList<>();
        for (TenantMonth month : usage) {
            all.add(new TenantMonth(
                    month.tenant(),
                    month.month(),
                    month.epoch(),
                    month.sums().stream()
                            .map(sum -> waits(sum) ? without(sum, "no subscription") : sum)
                            .toList(),
                    month.resources()));
        }
        return all;
    }

    /** Says that usage is billed as 0. */
    void warn(UsageSum sum, String reason) {
        if (!quiet && sum.quantity().signum() != 0) {
            LOG.warn(
                    "Account {}: product {} of meter {} is billed 0, as it has no price in a plan: {}",
                    account,
                    sum.product(),
                    sum.meter(),
                    reason);
        }
    }

    /** As it is billed without a plan's price. */
    UsageSum without(UsageSum sum, String reason) {
        warn(sum, reason);
        boolean priced = sum.amount().signum() != 0 || sum.unitPrice() != null;
        return new UsageSum(
                sum.datacenter(),
                sum.meter(),
                sum.product(),
                sum.resource(),
                sum.identity(),
                sum.unit(),
                sum.unitPrice(),
                priced,
                sum.kind(),
                sum.usageMonth(),
                sum.quantity(),
                sum.amount(),
                sum.seconds(),
                sum.firstBegin(),
                sum.lastEnd(),
                sum.records(),
                Set.of(),
                sum.since());
    }
}
