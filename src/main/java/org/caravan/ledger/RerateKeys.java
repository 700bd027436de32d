package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.caravan.metering.UsageKey;

/** Finds the ids of keys whose records were billed before, apart from the billed time that a ledger remembers. */
final class RerateKeys {
    private RerateKeys() {}

    /** @param tenants by key, those of the keys; what is resolved already stays as it is */
    static void resolve(Terms terms, Connection connection, Map<UsageKey, TenantRef> tenants) throws SQLException {
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
                    new BucketMemory(tenant.bucket()),
                    tenant.id(),
                    terms.term(key.datacenter()),
                    terms.term(key.meter().name()),
                    terms.term(key.resource()),
                    terms.term(key.identity()));
            state.idsKnown = true;
        });
    }
}
