package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.caravan.metering.UsageKey;

/** Finds the ids and the series of keys within a transaction that holds their buckets. */
final class KeyIds {
    private KeyIds() {}

    /** Resolves keys that are not resolved yet; new texts get their ids here. */
    static void resolve(Ledger ledger, Connection connection, Collection<UsageKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        Set<String> texts = new LinkedHashSet<>();
        Set<Terms.TenantName> tenants = new LinkedHashSet<>();
        for (UsageKey key : keys) {
            tenants.add(Terms.TenantName.of(key));
            texts.add(key.datacenter());
            texts.add(key.meter().name());
            texts.add(key.resource());
            texts.add(key.identity());
            texts.add(key.product());
            texts.add(key.unit());
        }
        Terms terms = ledger.terms();
        terms.resolveTenants(connection, tenants);
        terms.resolve(connection, texts);
        terms.metadata()
                .resolve(
                        connection,
                        keys.stream().map(key -> KeyState.of(ledger, key)).toList());
        for (UsageKey key : keys) {
            KeyState state = KeyState.of(ledger, key);
            state.product = terms.term(key.product());
            state.unit = terms.term(key.unit());
            state.metadataId = terms.metadata().id(state);
            state.series = ledger.billedTime()
                    .bucket(key.bucket())
                    .series(
                            terms.tenant(Terms.TenantName.of(key)).id(),
                            terms.term(key.datacenter()),
                            terms.term(key.meter().name()),
                            terms.term(key.resource()),
                            terms.term(key.identity()));
            state.idsKnown = true;
        }
    }
}
