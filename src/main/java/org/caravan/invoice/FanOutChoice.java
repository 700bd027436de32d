package org.caravan.invoice;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The connectors that the fan-out route chose for one document so far; branches of a route may add at the same time. */
final class FanOutChoice {
    private final Set<String> connectors = new LinkedHashSet<>();

    synchronized void add(Collection<String> names) {
        connectors.addAll(names);
    }

    synchronized Set<String> connectors() {
        return Set.copyOf(connectors);
    }
}
