package org.caravan.hub.gnocchi;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;
import org.caravan.metering.MeterCatalog;

/** Tries Gnocchi as it is configured and says what it found; changes nothing anywhere. */
public final class GnocchiTrial implements SourceCheck {
    private static final BooleanSupplier NEVER = () -> false;
    private static final String REACH = "see caravan.gnocchi.url and its login; docs/gnocchi.md";

    private final GnocchiSettings settings;
    private final List<Metric> metrics;
    private final GnocchiClient client;
    private final WindowReader reader;
    private final Schedule schedule;

    /** @param meters what the records' meters mean */
    public GnocchiTrial(
            GnocchiSettings settings, List<Metric> metrics, MeterCatalog meters, GnocchiLogin login, Clock clock) {
        this.settings = settings;
        this.metrics = List.copyOf(metrics);
        this.client = new GnocchiClient(new GnocchiHttp(settings, login, NEVER), settings);
        this.reader = new WindowReader(client, settings, meters);
        this.schedule = new Schedule(settings, metrics, clock);
    }

    @Override
    public String name() {
        return settings.source();
    }

    @Override
    public String kind() {
        return "gnocchi";
    }

    /** Asks Gnocchi for the newest period of each metric, and for how much it has still to process. */
    @Override
    public List<SourceFinding> check() {
        List<SourceFinding> findings = new ArrayList<>();
        List<String> types;
        try {
            types = client.resourceTypes();
        } catch (GnocchiFailure e) {
            return List.of(SourceFinding.bad("reachable", e.getMessage(), REACH));
        }
        findings.add(SourceFinding.good(
                "reachable", "Gnocchi at " + settings.url() + " answers, resource types: " + types));
        for (Metric metric : metrics) {
            findings.add(types.contains(metric.resourceType()) ? newest(metric) : noType(metric, types));
        }
        if (settings.maxBacklog() != null) {
            findings.add(backlog());
        }
        return findings;
    }

    private static SourceFinding noType(Metric metric, List<String> types) {
        return SourceFinding.bad(
                "metric",
                metric.where() + ": " + metric + ": Gnocchi has no such resource type, but "
                        + String.join(", ", types),
                "name one of these in the metrics file");
    }

    private SourceFinding newest(Metric metric) {
        Window window = schedule.newest(metric);
        try {
            WindowReader.Read read = reader.read(window);
            if (!read.known()) {
                return SourceFinding.warning(
                        "metric",
                        metric.where() + ": " + metric + ": no resource has such a metric",
                        "take it out of the metrics file, or say that it is complete: caravan sources done");
            }
            return SourceFinding.good(
                    "metric",
                    metric + ": " + read.usage().size() + " records of meter " + metric.meter() + " from "
                            + window.from() + " to " + window.to() + first(read.usage(), window.from()));
        } catch (WindowReader.TooMany e) {
            return SourceFinding.bad(
                    "metric",
                    metric + ": more than " + settings.batchRecords() + " records in one period",
                    "raise caravan.gnocchi.batchRecords");
        } catch (GnocchiFailure e) {
            return SourceFinding.bad("metric", e.getMessage(), REACH);
        }
    }

    private static String first(GnocchiUsage usage, Instant from) {
        if (!usage.next()) {
            return "; none is no fault where nothing was used at " + from;
        }
        byte[] line = new byte[usage.value().remaining()];
        usage.value().get(line);
        return ", such as " + new String(line, StandardCharsets.UTF_8);
    }

    private SourceFinding backlog() {
        try {
            long waiting = client.backlog();
            String text = waiting + " measures wait to be processed";
            return waiting <= settings.maxBacklog()
                    ? SourceFinding.good("backlog", text)
                    : SourceFinding.warning(
                            "backlog", text, "windows wait for it: see Gnocchi's metricd, or caravan.gnocchi.maxBacklog");
        } catch (GnocchiFailure e) {
            return SourceFinding.bad("backlog", e.getMessage(), REACH);
        }
    }
}
