package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.caravan.metering.UsageKey;

/** The ids of keys whose records were billed before, apart from the billed time that a ledger remembers. */
final class RerateKeys {
    private final Map<Integer, BucketMemory> buckets = new HashMap<>();

    /** Says that the transaction which resolved keys failed: what it made is gone, and so are the ids of it. */
    void forget() {
        buckets.values().forEach(bucket -> bucket.alive = false);
        buckets.clear();
    }

    /** @param tenants by key, those of the keys; what is resolved already is taken out */
    void resolve(Terms terms, Connection connection, Map<UsageKey, TenantRef> tenants) throws SQLException {
        Set<String> texts = new LinkedHashSet<>();
        tenants.keySet().removeIf(key -> ((KeyState) key.ledgerSlot).isResolved());
        for (UsageKey key : tenants.keySet()) {
            texts.add(key.datacenter());
            texts.add(key.meter().name());
            texts.add(key.resource());
            texts.add(key.identity());
            texts.add(key.product());
            texts.add(key.unit());
        }
        terms.resolve(connection, texts);
        terms.metadata()
                .resolve(
                        connection,
                        tenants.keySet().stream()
                                .map(key -> (KeyState) key.ledgerSlot)
                                .toList());
        tenants.forEach((key, tenant) -> {
            KeyState state = (KeyState) key.ledgerSlot;
            state.product = terms.term(key.product());
            state.unit = terms.term(key.unit());
            state.metadataId = terms.metadata().id(state);
            state.series = new SeriesState(
                    buckets.computeIfAbsent(tenant.bucket(), BucketMemory::new),
                    tenant.id(),
                    terms.term(key.datacenter()),
                    terms.term(key.meter().name()),
                    terms.term(key.resource()),
                    terms.term(key.identity()));
            state.idsKnown = true;
        });
    }
}
