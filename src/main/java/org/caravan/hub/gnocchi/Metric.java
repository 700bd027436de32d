package org.caravan.hub.gnocchi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A metric of Gnocchi's that is billed, as the metrics file says it.
 *
 * @param key of its position in the ledger; the same only for the same resource type, metric and meter
 * @param name at Gnocchi
 * @param resourceType the type of the resources that have it
 * @param meter of the usage records
 * @param unit of their quantity; what the meter makes of it is the meter's matter
 * @param method how Gnocchi aggregated the measures of a period: {@code mean}, {@code max}, {@code last}, {@code rate:mean} …
 * @param across how the one series of a resource is aggregated on reading: {@code rate:…} bills its growth, all else leaves
 *     it as it is
 * @param granularity length of a period
 * @param attributes of the resource that become metadata, in their order
 * @param quantity what a value comes to
 * @param everyRevision true if a period in which attributes changed is split there; false if those at its end hold for all
 * @param optional true if Gnocchi need not have it
 * @param from where its reading begins if it is new to the ledger; null where the file does not say
 * @param where file and line
 */
public record Metric(
        String key,
        String name,
        String resourceType,
        String meter,
        String unit,
        String method,
        String across,
        Duration granularity,
        List<String> attributes,
        Quantity quantity,
        boolean everyRevision,
        boolean optional,
        Instant from,
        String where) {
    static final String RATE = "rate:";

    public Metric {
        attributes = List.copyOf(attributes);
    }

    long seconds() {
        return granularity.toSeconds();
    }

    /** True if the values are a counter's, of which the growth from point to point is billed. */
    boolean isCounter() {
        return across.startsWith(RATE);
    }

    /** For messages. */
    @Override
    public String toString() {
        return "metric " + name + " of resource type " + resourceType;
    }
}
