package org.caravan.hub.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.ledger.BatchTotals;
import org.caravan.ledger.LedgerStatus;

/**
 * The hub's metrics, {@code caravan_…}, beside Camel's own of routes. All but the time of commits come from the ledger, so
 * that neither a restart nor a second hub changes what they say. Labels are outcomes, states, sources and connectors: never
 * anything that grows with the business.
 */
final class HubMetrics {
    /** More sources or connectors than this are not labelled one by one. */
    private static final int MOST = 100;

    /** More partitions than this are not labelled one by one. */
    private static final int MOST_PARTITIONS = 1_000;

    private final MeterRegistry registry;
    private final Watch watch;
    private final Attention attention;
    private final MultiGauge ratedLag;
    private final MultiGauge sourceFailing;
    private final MultiGauge partitionLag;
    private final MultiGauge partitionStopped;
    private final MultiGauge deliveries;
    private final MultiGauge oldestDelivery;
    private final MultiGauge deliveryAlarms;
    private final MultiGauge undecided;
    private boolean totalsBound;

    HubMetrics(MeterRegistry registry, Attention attention) {
        this.registry = registry;
        this.watch = attention.watch();
        this.attention = attention;
        this.ratedLag = multi(
                "caravan.source.rated.lag",
                "seconds",
                "How far behind now a source is rated; absent for a source that never reported");
        this.sourceFailing =
                multi("caravan.source.failing", null, "1 if the source failed since it last succeeded, or 0");
        this.partitionLag = multi(
                "caravan.source.partition.lag",
                "messages",
                "Messages of a topic's partition that are not in the ledger, as last seen");
        this.partitionStopped = multi(
                "caravan.source.partition.stopped",
                null,
                "1 if the partition stands still until a person decides, or 0");
        this.deliveries = multi("caravan.deliveries", null, "Deliveries of a connector by state");
        this.oldestDelivery = multi(
                "caravan.delivery.oldest",
                "seconds",
                "Age of a connector's oldest document that is not committed, or 0");
        this.deliveryAlarms =
                multi("caravan.delivery.alarms", null, "Deliveries committed with a total that is not the document's");
        this.undecided =
                multi("caravan.delivery.undecided", null, "Deliveries in doubt that wait for a person to settle them");
    }

    /** Makes the metrics known and keeps them up to date with each look. */
    void bind() {
        Gauge.builder("caravan.ledger.up", watch, w -> w.last() != null && w.failure() == null ? 1 : 0)
                .description("1 if the newest look at the ledger succeeded, or 0")
                .register(registry);
        Gauge.builder("caravan.ledger.look.age", watch, w -> seconds(w.silence()))
                .description("How old the figures of the ledger are")
                .baseUnit("seconds")
                .register(registry);
        for (Finding.Area area : Finding.Area.values()) {
            if (!area.ofLedger()) {
                bindFindings(area);
            }
        }
        watch.onLook(this::update);
    }

    private void update(Overview overview) {
        if (!totalsBound) {
            // not before they are known: a counter that falls back to nothing looks like a restart
            totalsBound = true;
            bindTotals();
        }
        List<MultiGauge.Row<?>> lags = new ArrayList<>();
        List<MultiGauge.Row<?>> failing = new ArrayList<>();
        overview.ledger().sources().stream()
                .filter(LedgerStatus.Source::configured)
                .limit(MOST)
                .forEach(source -> {
                    Tags tags = Tags.of("source", source.name());
                    if (source.ratedUntil() != null) {
                        lags.add(MultiGauge.Row.of(tags, source, s -> age(s.ratedUntil())));
                    }
                    failing.add(MultiGauge.Row.of(tags, source.lastError() == null ? 0 : 1));
                });
        partitions(overview.ledger().sources());
        List<MultiGauge.Row<?>> states = new ArrayList<>();
        List<MultiGauge.Row<?>> oldest = new ArrayList<>();
        List<MultiGauge.Row<?>> alarms = new ArrayList<>();
        List<MultiGauge.Row<?>> doubts = new ArrayList<>();
        overview.invoices().connectors().stream().limit(MOST).forEach(connector -> {
            Tags tags = Tags.of("connector", connector.name());
            for (DeliveryState state : DeliveryState.values()) {
                states.add(MultiGauge.Row.of(tags.and("state", state.code()), connector.count(state)));
            }
            oldest.add(MultiGauge.Row.of(tags, connector, c -> age(c.oldestOpen())));
            alarms.add(MultiGauge.Row.of(tags, connector.alarms()));
            doubts.add(MultiGauge.Row.of(tags, connector.undecided()));
        });
        ratedLag.register(lags, true);
        sourceFailing.register(failing, true);
        deliveries.register(states, true);
        oldestDelivery.register(oldest, true);
        deliveryAlarms.register(alarms, true);
        undecided.register(doubts, true);
    }

    /** Of a topic that was made again the newer one counts, which comes last. */
    private void partitions(List<LedgerStatus.Source> sources) {
        Map<Tags, LedgerStatus.Partition> labelled = new LinkedHashMap<>();
        for (LedgerStatus.Source source : sources) {
            for (LedgerStatus.Partition partition : source.partitions()) {
                if (source.configured() && labelled.size() < MOST_PARTITIONS) {
                    labelled.put(
                            Tags.of("source", source.name(), "partition", Integer.toString(partition.partition())),
                            partition);
                }
            }
        }
        List<MultiGauge.Row<?>> lags = new ArrayList<>();
        List<MultiGauge.Row<?>> stopped = new ArrayList<>();
        labelled.forEach((tags, partition) -> {
            lags.add(MultiGauge.Row.of(tags, partition.lag()));
            stopped.add(MultiGauge.Row.of(tags, partition.stopped() == null ? 0 : 1));
        });
        partitionLag.register(lags, true);
        partitionStopped.register(stopped, true);
    }

    private void bindTotals() {
        records("accepted", BatchTotals.Totals::accepted);
        records("duplicate", BatchTotals.Totals::duplicate);
        records("conflict", BatchTotals.Totals::conflict);
        records("quarantined", BatchTotals.Totals::quarantined);
        FunctionCounter.builder(
                        "caravan.records.unpriced", watch, w -> totals(w).unpriced())
                .description("Accepted records for which the tariff had no rule, since the ledger was begun")
                .register(registry);
        FunctionCounter.builder("caravan.batches", watch, w -> totals(w).batches())
                .description("Batches committed since the ledger was begun")
                .register(registry);
        gauge(
                "caravan.ledger.last.commit.age",
                "seconds",
                "How long ago the newest batch was committed, or 0 if none ever was",
                o -> age(o.ledger().lastCommit()));
        for (String kind : List.of("unusable", "conflict")) {
            Gauge.builder("caravan.quarantine.held", watch, w -> held(w.last(), kind))
                    .description("Records that lie in quarantine")
                    .tags("kind", kind)
                    .register(registry);
        }
        gauge(
                "caravan.quarantine.oldest",
                "seconds",
                "Age of the oldest record in quarantine, or 0",
                o -> o.ledger().quarantine().stream()
                        .mapToDouble(held -> age(held.oldest()))
                        .max()
                        .orElse(0));
        gauge("caravan.months.open", null, "Months with usage that are not closed", o -> o.ledger().months().stream()
                .filter(LedgerStatus.Month::isOpen)
                .count());
        gauge(
                "caravan.month.oldest.open",
                "seconds",
                "How long ago the oldest month ended that is not closed, or 0",
                o -> endAge(o.ledger().oldestOpenMonth()));
        gauge("caravan.fan.out.open", null, "Documents whose connectors are to be chosen", o -> fanOut(o)
                .open());
        gauge("caravan.fan.out.parked", null, "Documents that go to no connector until a person decides", o -> fanOut(o)
                .parked());
        gauge(
                "caravan.fan.out.oldest",
                "seconds",
                "Age of the oldest document whose connectors are to be chosen, or 0",
                o -> age(fanOut(o).oldestOpen()));
        gauge(
                "caravan.unpriced.open",
                null,
                "Records of open months that nothing priced, which would be billed as 0",
                o -> o.pricing().records());
        gauge(
                "caravan.hashmap.enabled",
                null,
                "1 if the rating module hashmap prices usage, 0 if it is switched off",
                o -> o.pricing().hashmap() ? 1 : 0);
        for (Finding.Area area : Finding.Area.values()) {
            if (area.ofLedger()) {
                bindFindings(area);
            }
        }
    }

    private void bindFindings(Finding.Area area) {
        Gauge.builder("caravan.findings", attention, a -> a.findings(area).size())
                .description("What needs a person; health says what and what to do")
                .tags("area", area.code())
                .register(registry);
    }

    private void records(String outcome, ToDoubleFunction<BatchTotals.Totals> count) {
        FunctionCounter.builder("caravan.records", watch, w -> count.applyAsDouble(totals(w)))
                .description("Usage records by what became of them, since the ledger was begun")
                .tags("outcome", outcome)
                .register(registry);
    }

    private void gauge(String name, String unit, String description, ToDoubleFunction<Overview> value) {
        Gauge.builder(name, watch, w -> value.applyAsDouble(w.last()))
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    private MultiGauge multi(String name, String unit, String description) {
        return MultiGauge.builder(name).description(description).baseUnit(unit).register(registry);
    }

    private static BatchTotals.Totals totals(Watch watch) {
        return watch.last().ledger().totals();
    }

    private static InvoiceStatus.FanOut fanOut(Overview overview) {
        return overview.invoices().fanOut();
    }

    private static double held(Overview overview, String kind) {
        return overview.ledger().quarantine().stream()
                .filter(held -> held.kind().equals(kind))
                .mapToLong(LedgerStatus.Held::records)
                .sum();
    }

    private double endAge(YearMonth month) {
        return month == null
                ? 0
                : Math.max(
                        0,
                        age(month.plusMonths(1)
                                .atDay(1)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant()));
    }

    private double age(Instant since) {
        // another hub's clock may be ahead of ours
        return since == null
                ? 0
                : Math.max(0, seconds(Duration.between(since, watch.clock().instant())));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
