package org.caravan.hub.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/** Metrics of what this hub alone stands on: of several hubs each tells its own. */
final class LocalMetrics {
    /** More connectors than this are not labelled one by one. */
    private static final int MOST = 100;

    private final MultiGauge free;
    private final MultiGauge size;
    private final MultiGauge valid;

    LocalMetrics(MeterRegistry registry) {
        this.free = MultiGauge.builder("caravan.disk.free")
                .baseUnit("bytes")
                .description("What can still be written on the disk of a directory of this hub")
                .register(registry);
        this.size = MultiGauge.builder("caravan.disk.size")
                .baseUnit("bytes")
                .description("The whole disk of a directory of this hub")
                .register(registry);
        this.valid = MultiGauge.builder("caravan.connector.valid")
                .description("1 if the file of a connector, and what it is told, can be used, or 0")
                .register(registry);
    }

    void update(Surroundings.Seen seen) {
        List<MultiGauge.Row<?>> frees = new ArrayList<>();
        List<MultiGauge.Row<?>> sizes = new ArrayList<>();
        for (Surroundings.Disk disk : seen.disks()) {
            Tags tags = Tags.of("use", disk.use());
            frees.add(MultiGauge.Row.of(tags, disk.free()));
            sizes.add(MultiGauge.Row.of(tags, disk.size()));
        }
        List<MultiGauge.Row<?>> valids = new ArrayList<>();
        seen.connectors().entrySet().stream()
                .filter(connector -> !connector.getKey().isEmpty())
                .limit(MOST)
                .forEach(connector -> valids.add(MultiGauge.Row.of(
                        Tags.of("connector", connector.getKey()), connector.getValue() == null ? 1 : 0)));
        free.register(frees, true);
        size.register(sizes, true);
        valid.register(valids, true);
    }
}
