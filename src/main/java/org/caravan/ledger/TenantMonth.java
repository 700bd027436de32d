package org.caravan.ledger;

import java.time.YearMonth;
import java.util.List;

/**
 * All entries of a tenant in a billing month, summed, as one snapshot saw them.
 *
 * @param tenant whose usage
 * @param month billing month
 * @param epoch the tenant's bucket epoch in that snapshot: while it is unchanged under the bucket's lock, so are the sums
 * @param sums ordered by datacenter, product, unit, unit price, resource, meter
 * @param resources what was last told of the resources in {@code sums}
 */
public record TenantMonth(
        TenantRef tenant, YearMonth month, long epoch, List<UsageSum> sums, List<ResourceInfo> resources) {}
