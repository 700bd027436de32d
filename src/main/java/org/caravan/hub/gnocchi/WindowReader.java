package org.caravan.hub.gnocchi;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.PositionRange;

/** Reads a window whole, page by page, and makes records of its points. For one thread. */
final class WindowReader {
    /** A resource that appears between two questions is asked for again, so often. */
    private static final int ATTEMPTS = 4;

    private final GnocchiClient client;
    private final GnocchiSettings settings;
    private final MeterCatalog meters;

    WindowReader(GnocchiClient client, GnocchiSettings settings, MeterCatalog meters) {
        this.client = client;
        this.settings = settings;
        this.meters = meters;
    }

    /**
     * A window's usage.
     *
     * @param known true if any resource has such a metric
     */
    record Read(GnocchiUsage usage, boolean known) {}

    /** A window has more records than are committed at once. */
    static final class TooMany extends Exception {
        private static final long serialVersionUID = 1;
    }

    Read read(Window window) throws GnocchiFailure, TooMany {
        Metric metric = window.metric();
        GnocchiUsage usage = new GnocchiUsage(
                metric,
                settings.datacenter(),
                new PositionRange(
                        settings.source(),
                        window.position(),
                        window.from().getEpochSecond(),
                        window.to().getEpochSecond(),
                        false));
        boolean known = false;
        String after = null;
        do {
            Answered page = page(window, after);
            if (page == null) {
                return new Read(usage, false);
            }
            known |= page.points.known();
            for (Map.Entry<String, SortedMap<Instant, BigDecimal>> series :
                    page.points.values().entrySet()) {
                History history = page.resources.resources().get(series.getKey());
                add(usage, window, series.getKey(), history, series.getValue());
            }
            if (usage.size() > settings.batchRecords()) {
                throw new TooMany();
            }
            after = page.resources.upTo();
        } while (after != null);
        return new Read(usage, known);
    }

    /** A page of resources and the points of all of them. */
    private record Answered(GnocchiClient.Page resources, GnocchiClient.Points points) {}

    private Answered page(Window window, String after) throws GnocchiFailure {
        Metric metric = window.metric();
        Instant from = metric.isCounter() ? window.from().minus(gap(metric)) : window.from();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            GnocchiClient.Page page = client.resources(metric, window.from(), after);
            if (page == null) {
                return null;
            }
            GnocchiClient.Points points = client.points(metric, from, window.to(), window.from(), after, page.upTo());
            if (page.resources().keySet().containsAll(points.values().keySet())) {
                return new Answered(page, points);
            }
        }
        throw GnocchiFailure.away(
                "Gnocchi's resources of type " + metric.resourceType() + " change faster than they can be read", null);
    }

    /** In whole periods, and one at least. */
    private Duration gap(Metric metric) {
        long periods = Math.max(1, settings.counterGap().toSeconds() / metric.seconds());
        return metric.granularity().multipliedBy(periods);
    }

    private void add(
            GnocchiUsage usage,
            Window window,
            String resource,
            History history,
            SortedMap<Instant, BigDecimal> points) {
        Metric metric = window.metric();
        Map<Revision, byte[]> beginnings = new IdentityHashMap<>();
        Instant before = null;
        for (Map.Entry<Instant, BigDecimal> point : points.entrySet()) {
            Instant begin = point.getKey();
            BigDecimal value = point.getValue();
            if (metric.isCounter()) {
                // from the point before, however far it is within the gap: so no cut between windows changes what is
                // billed
                boolean counted = before != null && !before.isBefore(begin.minus(gap(metric)));
                value = counted ? value.subtract(points.get(before)) : null;
                before = begin;
            }
            if (value != null && !begin.isBefore(window.from())) {
                Instant end = begin.plus(metric.granularity());
                List<History.Part> parts = history.parts(begin, end);
                if (!metric.everyRevision()) {
                    Revision last = parts.get(parts.size() - 1).revision();
                    parts = List.of(new History.Part(begin, end, last));
                }
                add(
                        usage,
                        metric,
                        beginnings,
                        resource,
                        parts,
                        metric.quantity().of(value));
            }
        }
    }

    /** A period in which the resource was several things: a gauge holds for each part, all else is shared out by time. */
    private void add(
            GnocchiUsage usage,
            Metric metric,
            Map<Revision, byte[]> beginnings,
            String resource,
            List<History.Part> parts,
            BigDecimal quantity) {
        boolean gauge = meters.meter(metric.meter()).isGauge(metric.unit());
        BigDecimal left = quantity;
        for (int i = 0; i < parts.size(); i++) {
            History.Part part = parts.get(i);
            boolean last = i == parts.size() - 1;
            BigDecimal share = quantity;
            if (parts.size() > 1 && !gauge) {
                share = last ? left : share(quantity, part, metric);
                left = left.subtract(share);
            }
            byte[] beginning =
                    beginnings.computeIfAbsent(part.revision(), revision -> usage.beginning(resource, revision));
            usage.add(beginning, part.begin(), part.end(), share);
        }
    }

    private static BigDecimal share(BigDecimal quantity, History.Part part, Metric metric) {
        BigDecimal nanos =
                BigDecimal.valueOf(Duration.between(part.begin(), part.end()).toNanos());
        return quantity.multiply(nanos)
                .divide(BigDecimal.valueOf(metric.granularity().toNanos()), Quantity.UNENDING);
    }
}
