package org.caravan.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How usage is made of samples.
 *
 * @param source name of the source that this usage belongs to
 * @param inputs names of the sources that samples come from
 * @param files the one of them that reads files, or null
 * @param topic the one of them that reads a topic, or null
 * @param lateness so far beyond an hour's end the newest sample must be before usage is made of it
 * @param tenants hours of so many tenants are committed in one transaction, at most
 * @param retention how long a sample is kept after it was measured
 */
public record SampleSettings(
        String source,
        List<String> inputs,
        String files,
        String topic,
        Duration lateness,
        int tenants,
        Duration retention) {
    public SampleSettings {
        inputs = List.copyOf(inputs);
    }

    /** All sources that take part. */
    public List<String> names() {
        List<String> names = new ArrayList<>(inputs);
        names.add(source);
        return names;
    }
}
