package org.caravan.hub.gnocchi;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.caravan.metering.MeterCatalog;

/** Tries Gnocchi as it is configured and says what it found; changes nothing anywhere. */
public final class GnocchiTrial {
    private static final BooleanSupplier NEVER = () -> false;

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

    /**
     * One thing that was found.
     *
     * @param good false for what a person has to look at
     * @param text one line
     */
    public record Finding(boolean good, String text) {}

    /** Asks Gnocchi for the newest period of each metric, and for how much it has still to process. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<String> types;
        try {
            types = client.resourceTypes();
        } catch (GnocchiFailure e) {
            return List.of(new Finding(false, e.getMessage()));
        }
        findings.add(new Finding(true, "Gnocchi at " + settings.url() + " answers, resource types: " + types));
        for (Metric metric : metrics) {
            findings.add(types.contains(metric.resourceType()) ? newest(metric) : noType(metric, types));
        }
        if (settings.maxBacklog() != null) {
            findings.add(backlog());
        }
        return findings;
    }

    private static Finding noType(Metric metric, List<String> types) {
        return new Finding(
                false,
                metric.where() + ": " + metric + ": Gnocchi has no such resource type, but "
                        + String.join(", ", types));
    }

    private Finding newest(Metric metric) {
        Window window = schedule.newest(metric);
        try {
            WindowReader.Read read = reader.read(window);
            if (!read.known()) {
                return new Finding(false, metric.where() + ": " + metric + ": no resource has such a metric");
            }
            return new Finding(
                    true,
                    metric + ": " + read.usage().size() + " records of meter " + metric.meter() + " from "
                            + window.from() + " to " + window.to() + first(read.usage(), window.from()));
        } catch (WindowReader.TooMany e) {
            return new Finding(
                    false,
                    metric + ": more than " + settings.batchRecords()
                            + " records in one period; raise caravan.gnocchi.batchRecords");
        } catch (GnocchiFailure e) {
            return new Finding(false, e.getMessage());
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

    private Finding backlog() {
        try {
            long waiting = client.backlog();
            return new Finding(waiting <= settings.maxBacklog(), waiting + " measures wait to be processed");
        } catch (GnocchiFailure e) {
            return new Finding(false, e.getMessage());
        }
    }
}
