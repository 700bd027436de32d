package org.caravan.ledger.report;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.caravan.metering.UsageKey;

/** Tells which archived records a question is about. */
final class RecordFilter {
    private final String realm;
    private final List<Filter> ofKeys;
    private final List<Filter> ofTime;

    RecordFilter(String realm, List<Filter> filters) {
        this.realm = realm;
        this.ofKeys = filters.stream().filter(f -> !f.field().kind().isTime()).toList();
        this.ofTime = filters.stream().filter(f -> f.field().kind().isTime()).toList();
    }

    boolean wants(UsageKey key) {
        if (!key.realm().equals(realm)) {
            return false;
        }
        for (Filter filter : ofKeys) {
            if (!filter.values().contains(Values.of(filter.field(), key))) {
                return false;
            }
        }
        return true;
    }

    boolean wants(long begin) {
        for (Filter filter : ofTime) {
            if (!filter.values().contains(Values.of(filter.field(), begin))) {
                return false;
            }
        }
        return true;
    }

    /** Names of the tenants it is about; null for all. */
    Set<String> tenants() {
        Set<String> tenants = null;
        for (Filter filter : ofKeys) {
            if (filter.field().kind() == Field.Kind.TENANT) {
                if (tenants == null) {
                    tenants = new HashSet<>(filter.values());
                } else {
                    tenants.retainAll(filter.values());
                }
            }
        }
        return tenants;
    }
}
