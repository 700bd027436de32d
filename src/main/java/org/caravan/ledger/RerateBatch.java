package org.caravan.ledger;

import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * A committed batch and what its records in the scope cost by other rules. Made outside of any transaction: an archive never
 * changes.
 */
final class RerateBatch {
    final BilledBatch billed;

    /** Rows of the archive that are in the scope, ascending; reversed ones included. */
    final int[] rows;

    /** Their tenants. */
    final TenantRef[] tenants;

    /** The same rows, row i being {@code rows[i]}, as the rules of today price them; a rejected one can't be rated. */
    final UsageBatch rated;

    private RerateBatch(BilledBatch billed, int[] rows, TenantRef[] tenants, UsageBatch rated) {
        this.billed = billed;
        this.rows = rows;
        this.tenants = tenants;
        this.rated = rated;
    }

    static RerateBatch of(BilledBatch billed, RerateScope scope, Consumer<UsageBatch> rater) {
        UsageBatch batch = billed.batch;
        TenantRef[] tenantOf = new TenantRef[batch.keyCount()];
        for (int i = 0; i < tenantOf.length; i++) {
            UsageKey key = batch.keyAt(i);
            tenantOf[i] = scope.tenants().get(new RerateScope.TenantName(key.realm(), key.tenant()));
        }
        int[] rows = new int[batch.size()];
        TenantRef[] tenants = new TenantRef[batch.size()];
        UsageBatch rated = new UsageBatch(batch.size());
        int size = 0;
        for (int row = 0; row < batch.size(); row++) {
            TenantRef tenant = tenantOf[batch.keyIndex(row)];
            if (tenant == null || !billed.isAccepted(row) || !scope.holds(batch.begin(row))) {
                continue;
            }
            add(rated, batch, row);
            rows[size] = row;
            tenants[size++] = tenant;
        }
        rater.accept(rated);
        return new RerateBatch(billed, Arrays.copyOf(rows, size), Arrays.copyOf(tenants, size), rated);
    }

    private static void add(UsageBatch rated, UsageBatch batch, int row) {
        UsageKey key = batch.key(row);
        if (batch.bigQuantity(row) != null) {
            rated.add(key, batch.bigQuantity(row), batch.begin(row), batch.end(row), row);
        } else {
            rated.add(key, batch.quantity(row), batch.quantityScale(row), batch.begin(row), batch.end(row), row);
        }
        if (batch.givenPrice(row) != null) {
            rated.lastGivenPrice(batch.givenPrice(row));
        }
    }

    /** The tenants of the rows, by id. */
    TreeMap<Integer, TenantRef> tenants() {
        TreeMap<Integer, TenantRef> found = new TreeMap<>();
        TenantRef last = null;
        for (TenantRef tenant : tenants) {
            if (tenant != last) {
                last = tenant;
                found.put(tenant.id(), tenant);
            }
        }
        return found;
    }

    /** True if the price came with the record and is final: no rules ever price it. */
    boolean isGiven(int index) {
        Price price = billed.batch.price(rows[index]);
        return price.priced() && price.tariff().isEmpty();
    }
}
