package org.caravan.hub.management;

import static org.caravan.invoice.DeliveryState.PARKED;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.caravan.hub.management.Finding.Area;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.RestoredLedger;
import org.caravan.invoice.rerate.RerateKind;
import org.caravan.invoice.rerate.RerateStatus;
import org.caravan.ledger.LedgerStatus;

/** The rules that say what needs attention. Health, metrics, MBeans and {@code caravan status} all ask here. */
public final class Findings {
    private static final int MAX_ERROR = 300;

    private final Limits limits;
    private final Instant now;
    private final List<Finding> found = new ArrayList<>();

    private Findings(Limits limits, Instant now) {
        this.limits = limits;
        this.now = now;
    }

    /** What needs attention, in the order in which usage flows; empty if all is well. */
    public static List<Finding> of(Overview overview, Limits limits, Instant now) {
        Findings findings = new Findings(limits, now);
        findings.sources(overview.ledger());
        findings.pricing(overview.pricing());
        findings.restored(overview.invoices().restored());
        findings.months(overview.ledger());
        findings.rerating(overview.rerating());
        findings.quarantine(overview.ledger());
        findings.fanOut(overview.invoices().fanOut());
        findings.deliveries(overview.invoices().connectors());
        return List.copyOf(findings.found);
    }

    private void sources(LedgerStatus ledger) {
        List<LedgerStatus.Source> configured = ledger.sources().stream()
                .filter(LedgerStatus.Source::configured)
                .toList();
        // first, as nothing but a person ends it
        configured.forEach(source -> found.addAll(PartitionFindings.still(source, now)));
        for (LedgerStatus.Source source : configured) {
            String name = "source " + source.name();
            if (source.lastError() != null) {
                add(
                        Area.SOURCES,
                        name + " failed " + ago(source.lastErrorAt()) + ": " + line(source.lastError()),
                        "remove the cause; it is tried again by itself");
            }
            found.addAll(PartitionFindings.behind(source, limits.lag()));
            if (!behind(source, name) && isOlder(source.ratedUntil(), limits.ratedLag())) {
                add(
                        Area.SOURCES,
                        name + " is rated until " + source.ratedUntil() + " only, " + age(source.ratedUntil())
                                + " behind",
                        "see that it still sends and is read; caravan sources check " + source.name() + " tries it");
            }
            Instant moved = source.lastMoved() == null ? source.since() : source.lastMoved();
            if (isOlder(moved, limits.sourceSilence())) {
                add(
                        Area.SOURCES,
                        name + " brought nothing for " + age(moved),
                        "see that it still sends, or caravan sources forget " + source.name());
            }
        }
    }

    /** A source that is not known to be complete up to a month that should be closed by now. */
    private boolean behind(LedgerStatus.Source source, String name) {
        YearMonth due = lastDue();
        Instant end = end(due);
        boolean tooNew = source.since() != null && !source.since().isBefore(end);
        if (tooNew || source.ratedUntil() != null && !source.ratedUntil().isBefore(end)) {
            return false;
        }
        add(
                Area.SOURCES,
                source.ratedUntil() == null
                        ? name + " never said how far its usage is complete, and holds " + due
                        : name + " is rated until " + source.ratedUntil() + " only, and holds " + due,
                "bring its usage in, then caravan sources done " + source.name() + " " + due);
        return true;
    }

    private void pricing(PricingStatus pricing) {
        if (!pricing.hashmap()) {
            add(
                    Area.PRICING,
                    "the rating module hashmap is switched off: usage is priced by no rule",
                    "switch it on over the rating API, as cloudkitty module enable hashmap does, then re-rate what came meanwhile");
        }
        if (pricing.records() > limits.unpriced()) {
            String months = pricing.unpriced().stream()
                    .map(one -> String.format(
                            Locale.ROOT, "%,d of %s (such as %s)", one.records(), one.month(), one.product()))
                    .collect(Collectors.joining(", "));
            add(
                    Area.PRICING,
                    "records of open months have no price and would be billed as 0: " + months,
                    "add rules with caravan tariff import FILE and re-rate the month over the rating API, or allow so many with"
                            + " caravan.health.unpriced");
        }
    }

    private void restored(RestoredLedger.Waiting restored) {
        if (restored != null) {
            add(Area.MONTHS, restored.reason(), restored.remedy());
        }
    }

    private void months(LedgerStatus ledger) {
        YearMonth due = lastDue();
        for (LedgerStatus.Month month : ledger.months()) {
            if (month.isOpen() && !month.month().isAfter(due)) {
                add(
                        Area.MONTHS,
                        String.format(
                                Locale.ROOT,
                                "month %s ended %s and is not closed (%,d tenants closed, %,d closing)",
                                month.month(),
                                ago(end(month.month())),
                                month.closed(),
                                month.closing()),
                        "caravan months says what holds it, caravan close " + month.month() + " closes it");
            }
        }
    }

    private void rerating(RerateStatus rerating) {
        for (RerateStatus.Order order : rerating.orders()) {
            if (order.state().equals("failed")) {
                add(
                        Area.MONTHS,
                        order.what() + " failed" + because(order.error()),
                        "caravan audit says what is damaged; order it again once that is mended");
            } else if (order.kind() == RerateKind.CORRECTION && !order.held()) {
                add(
                        Area.MONTHS,
                        order.what() + " is not finished" + because(order.error()),
                        "run the same caravan correct again, which finishes it");
            } else if (order.error() != null) {
                add(
                        Area.MONTHS,
                        order.what() + " is interrupted" + because(order.error()),
                        "remove the cause; a running hub goes on with it");
            }
        }
        if (rerating.left() > 0) {
            add(
                    Area.MONTHS,
                    String.format(
                            Locale.ROOT,
                            "%,d tenants were issued a month before their usage of it was re-rated as ordered",
                            rerating.left()),
                    "caravan correct MONTH --plan shows the difference, with --reason TEXT it is billed");
        }
    }

    private void quarantine(LedgerStatus ledger) {
        if (ledger.held() <= limits.quarantineHeld()) {
            return;
        }
        String kinds = ledger.quarantine().stream()
                .map(held -> String.format(
                        Locale.ROOT, "%,d %s since %s", held.records(), held.kind(), second(held.oldest())))
                .collect(Collectors.joining(", "));
        add(
                Area.QUARANTINE,
                "quarantine holds records that are not billed: " + kinds,
                "caravan quarantine list shows them; retry, accept or drop each");
    }

    private void fanOut(InvoiceStatus.FanOut fanOut) {
        if (fanOut.parked() > 0) {
            add(
                    Area.FAN_OUT,
                    String.format(Locale.ROOT, "%,d documents go to no connector", fanOut.parked())
                            + because(fanOut.lastError()),
                    "name connectors in the account's profile or in the route fan-out, then caravan deliveries retry");
        }
        if (isOlder(fanOut.oldestOpen(), limits.deliveryAge())) {
            add(
                    Area.FAN_OUT,
                    String.format(
                                    Locale.ROOT,
                                    "%,d documents wait for their connectors to be chosen, the oldest for %s",
                                    fanOut.open(),
                                    age(fanOut.oldestOpen()))
                            + because(fanOut.lastError()),
                    "see that the hub runs and its route fan-out is started");
        }
    }

    private void deliveries(List<InvoiceStatus.Connector> connectors) {
        for (InvoiceStatus.Connector connector : connectors) {
            String name = "connector " + connector.name();
            String because = because(connector.lastError());
            if (connector.count(PARKED) > 0) {
                add(
                        Area.DELIVERIES,
                        String.format(Locale.ROOT, "%s: %,d deliveries parked", name, connector.count(PARKED))
                                + because,
                        "remove the cause, then caravan deliveries retry");
            }
            if (connector.undecided() > 0) {
                add(
                        Area.DELIVERIES,
                        String.format(Locale.ROOT, "%s: %,d deliveries in doubt", name, connector.undecided())
                                + because,
                        "look into the ERP: caravan deliveries adopt where it has the document, resend where not");
            }
            if (isOlder(connector.oldestOpen(), limits.deliveryAge())) {
                add(
                        Area.DELIVERIES,
                        String.format(
                                        Locale.ROOT,
                                        "%s: %,d deliveries not committed, the oldest issued %s",
                                        name,
                                        connector.backlog(),
                                        ago(connector.oldestOpen()))
                                + because,
                        "see that the hub runs and the ERP answers; caravan deliveries list shows them");
            }
        }
    }

    /** The newest month that must be closed by now. */
    private YearMonth lastDue() {
        Instant ended = now.minus(limits.grace()).minus(limits.monthOverdue());
        return YearMonth.from(ended.atOffset(ZoneOffset.UTC)).minusMonths(1);
    }

    private static Instant end(YearMonth month) {
        return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private void add(Area area, String reason, String remedy) {
        found.add(new Finding(area, reason, remedy));
    }

    private boolean isOlder(Instant since, Duration limit) {
        return since != null && Duration.between(since, now).compareTo(limit) > 0;
    }

    private String ago(Instant since) {
        return since == null ? "at an unknown time" : age(since) + " ago";
    }

    private String age(Instant since) {
        return Ages.text(Duration.between(since, now));
    }

    private static String because(String error) {
        return error == null ? "" : " (" + line(error) + ")";
    }

    private static String second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String line(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_ERROR ? line : line.substring(0, MAX_ERROR) + "...";
    }
}
