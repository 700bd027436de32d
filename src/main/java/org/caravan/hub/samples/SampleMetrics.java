package org.caravan.hub.samples;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.caravan.ledger.SampleStatus;

/** The metrics {@code caravan_samples…}, of what the source saw last. */
public final class SampleMetrics {
    private SampleMetrics() {}

    /** Makes them known to a started context, where it has metrics. */
    public static void bind(CamelContext context, SampleSource source) {
        MeterRegistry registry = context.getRegistry()
                .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
        if (registry == null) {
            return;
        }
        count(registry, source, "stored", SampleStatus.Count::stored);
        count(registry, source, "late", SampleStatus.Count::late);
        count(registry, source, "duplicate", SampleStatus.Count::duplicate);
        count(registry, source, "untrusted", SampleStatus.Count::untrusted);
        count(registry, source, "ignored", SampleStatus.Count::ignored);
        count(registry, source, "unmapped", SampleStatus.Count::unmapped);
        count(registry, source, "quarantined", SampleStatus.Count::quarantined);
        Gauge.builder("caravan.samples.held", source, s -> s.status().held())
                .description("Samples of Ceilometer that are kept")
                .register(registry);
        Gauge.builder("caravan.samples.late.open", source, s -> s.status().lateOpen())
                .description("Samples that came after usage of their hour was made, and have no part in it")
                .register(registry);
    }

    private static void count(
            MeterRegistry registry, SampleSource source, String outcome, ToLongFunction<SampleStatus.Count> count) {
        FunctionCounter.builder("caravan.samples", source, s -> sum(s.status().counts(), count))
                .description("Samples of Ceilometer by what became of them, since the ledger was begun")
                .tags("outcome", outcome)
                .register(registry);
    }

    private static long sum(List<SampleStatus.Count> counts, ToLongFunction<SampleStatus.Count> count) {
        return counts.stream().mapToLong(count).sum();
    }
}
