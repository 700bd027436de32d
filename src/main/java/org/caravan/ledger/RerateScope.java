package org.caravan.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Whose records are re-rated, and which.
 *
 * @param order id of the order that the entries are made for
 * @param tenants by realm and name
 * @param from records that begin here or later, in microseconds since 1970
 * @param until and before here
 * @param issued true for records of months that are issued to their tenant, false for those of months that are open
 */
public record RerateScope(long order, Map<TenantName, TenantRef> tenants, long from, long until, boolean issued) {
    /** How keys name a tenant. */
    public record TenantName(String realm, String name) {}

    public RerateScope {
        tenants = Map.copyOf(tenants);
    }

    /** @param until null for no end */
    public static RerateScope of(
            long order, Collection<TenantRef> tenants, Instant from, Instant until, boolean issued) {
        Map<TenantName, TenantRef> byName = new HashMap<>();
        tenants.forEach(tenant -> byName.put(new TenantName(tenant.realm(), tenant.name()), tenant));
        return new RerateScope(order, byName, micros(from), until == null ? Long.MAX_VALUE : micros(until), issued);
    }

    /** The buckets of all tenants. */
    public TreeSet<Integer> buckets() {
        TreeSet<Integer> buckets = new TreeSet<>();
        tenants.values().forEach(tenant -> buckets.add(tenant.bucket()));
        return buckets;
    }

    boolean holds(long begin) {
        return begin >= from && begin < until;
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
