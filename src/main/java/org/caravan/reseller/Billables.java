package org.caravan.reseller;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravan.common.Decimals;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.ProjectTotals;
import org.caravan.subscription.billing.PlanPrices;

/** Shows what a document bears of a resource in the words of its kind. */
final class Billables {
    static final String OBJECT_STORAGE = "object_storage";
    private static final String OBJECT_STORAGE_TEXT = "Total space used on object storage during the billing period.";
    private static final String PER_HOUR = "-hour";
    private static final BigDecimal SECONDS_PER_HOUR = new BigDecimal(3600);
    private static final int SIZE_DIGITS = 3;
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

    private final Kinds kinds;
    private final Document document;
    private final PlanPrices prices;

    /** @param prices of the plans that made the document */
    Billables(Kinds kinds, Document document, PlanPrices prices) {
        this.kinds = kinds;
        this.document = document;
        this.prices = prices;
    }

    /** What a project without usage is shown with. */
    static Billable nothing() {
        return new Billable(
                ResourceKind.OBJECT_STORAGE,
                OBJECT_STORAGE,
                "",
                OBJECT_STORAGE_TEXT,
                null,
                BigDecimal.ZERO,
                new Rate(BigDecimal.ZERO, null),
                BigDecimal.ZERO,
                ResourceKind.OBJECT_STORAGE.unit(),
                null,
                BigDecimal.ZERO,
                false,
                null);
    }

    Billable of(ProjectTotals.Entity entity) {
        Document.Item item = entity.item();
        Document.Line line = entity.line();
        Kinds.Meter meter = kinds.of(item.meter(), line.product());
        ResourceKind kind = meter.kind();
        boolean without = item.resource().isEmpty() || kind == ResourceKind.OBJECT_STORAGE;
        String size = kind.isSized() ? size(meter, line, item) : null;
        String storageType = kind == ResourceKind.VOLUMES
                ? first(item.metadata(), meter.storageType()).orElse(line.product())
                : null;
        return new Billable(
                kind,
                kind == ResourceKind.OBJECT_STORAGE ? OBJECT_STORAGE : without ? line.product() : item.resource(),
                name(meter, item),
                description(meter, line, item, size, storageType)
                        + (line.usageMonth() == null ? "" : " (" + line.usageMonth() + ")"),
                without ? null : item.resource(),
                item.quantity(),
                rate(line, item),
                entity.total(),
                line.unit().isEmpty() ? kind.unit() : line.unit(),
                size,
                item.seconds(),
                !item.last().isBefore(document.period().to()),
                storageType);
    }

    private static String name(Kinds.Meter meter, Document.Item item) {
        if (meter.direction() != null) {
            return meter.direction().word();
        }
        return item.name() == null ? "" : item.name();
    }

    private static String description(
            Kinds.Meter meter, Document.Line line, Document.Item item, String size, String storageType) {
        return switch (meter.kind()) {
            case SERVERS -> first(item.metadata(), meter.flavor()).orElse(line.product());
            case FLOATING_IPS -> "Floating IP";
            case VOLUMES -> size == null ? storageType : storageType + " " + size.replace(" ", "");
            case VOLUME_SNAPSHOTS -> size == null ? "Volume Snapshot" : size.replace(" ", "") + " Volume Snapshot";
            case SERVER_SNAPSHOTS -> size == null ? "Server Snapshot" : size + " Server Snapshot";
            case IMAGES -> size == null ? "Image" : size + " Image";
            case LOAD_BALANCERS -> "Loadbalancer";
            case LOAD_BALANCERS_BANDWIDTH -> "Loadbalancer Bandwidth";
            case NETWORK_BANDWIDTH ->
                meter.direction() == null
                        ? "Network Bytes"
                        : "Network Bytes " + meter.direction().word();
            case DNS_ZONES -> "DNS Zone";
            case OBJECT_STORAGE -> OBJECT_STORAGE_TEXT;
            case OTHERS -> line.label() == null ? line.product() : line.label();
        };
    }

    /** What was last told of it; else what it was on average, where it is billed by size and time. */
    private static String size(Kinds.Meter meter, Document.Line line, Document.Item item) {
        boolean byTime = line.unit().endsWith(PER_HOUR);
        String unit = byTime
                ? line.unit().substring(0, line.unit().length() - PER_HOUR.length())
                : meter.kind().sizeUnit();
        Optional<String> told = first(item.metadata(), meter.size());
        if (told.isPresent()) {
            return NUMBER.matcher(told.get()).matches()
                    ? told.get() + " " + meter.kind().sizeUnit()
                    : told.get();
        }
        if (!byTime || item.seconds().signum() == 0) {
            return null;
        }
        BigDecimal average =
                item.quantity().multiply(SECONDS_PER_HOUR).divide(item.seconds(), SIZE_DIGITS, RoundingMode.HALF_UP);
        return Decimals.plain(average) + " " + unit;
    }

    private static Optional<String> first(Map<String, Object> metadata, List<String> names) {
        for (String name : names) {
            Object value = metadata.get(name);
            if (value instanceof BigDecimal number) {
                return Optional.of(Decimals.plain(number));
            }
            if (value instanceof String || value instanceof Number) {
                String text = value.toString();
                if (!text.isBlank()) {
                    return Optional.of(text);
                }
            }
        }
        return Optional.empty();
    }

    private Rate rate(Document.Line line, Document.Item item) {
        if (item.unitPrice() != null) {
            return Rate.flat(item);
        }
        YearMonth month = line.usageMonth() == null ? document.month() : line.usageMonth();
        Optional<PlanPrices.Found> found =
                prices.of(line.note(), line.product(), month).filter(priced -> Rate.isTiered(priced.rules()));
        if (found.isEmpty()) {
            return Rate.flat(item);
        }
        return item.quantity().signum() == 0
                ? new Rate(null, List.of())
                : Rate.tiers(found.get().rules(), found.get().byTime(), document.rate());
    }
}
