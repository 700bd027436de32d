package org.caravan.invoice.erp.csv;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.common.Decimals;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Document.Item;
import org.caravan.invoice.document.Document.Line;
import org.caravan.ledger.EntryKind;

/**
 * Layout {@code report}: a block per resource, by type, with the services it used; what stands between the blocks and the
 * total follows them where it is not zero. A credit note says so below the usage range; all else has the form of an
 * invoice.
 *
 * <p>A service's cost is exact where the document's policy rounds lines and not items; the difference is the rounding
 * shown before the total.
 */
final class ReportLayout implements Layout {
    private static final String TOTAL = "invoice total cost: ";
    private static final String ZONE = "availability_zone";

    private final List<String> typeOrder;

    /** @param typeOrder types that come first, in this order; the others follow by name */
    ReportLayout(List<String> typeOrder) {
        this.typeOrder = List.copyOf(typeOrder);
    }

    @Override
    public BigDecimal write(Document document, Cells cells) {
        cells.row(null, "from", "until");
        cells.row(
                "usage range: ",
                Cells.time(document.period().from()),
                Cells.time(document.period().to()));
        if (document.kind() == Document.Kind.CREDIT_NOTE) {
            cells.row("credit note: ", Cells.text(document.number()));
            cells.row("for invoice: ", Cells.text(document.correctsNumber()));
            cells.row("reason: ", Cells.text(document.reason()));
        }
        cells.row();
        BigDecimal written = BigDecimal.ZERO;
        for (Document.Section section : document.sections()) {
            if (document.sections().size() > 1) {
                cells.row("datacenter: ", Cells.text(section.name()));
                cells.row();
            }
            written = written.add(writeSection(section, cells));
        }
        written =
                written.add(writeExtra(cells, "rounding: ", document.subtotal().subtract(written)));
        written = written.add(
                writeExtra(cells, "discount: ", document.discount().amount().negate()));
        for (Document.Tax tax : document.taxes()) {
            written = written.add(writeExtra(cells, Cells.text(tax.name() + ": "), tax.amount()));
        }
        cells.row();
        cells.row(TOTAL, Cells.number(document.total()));
        return written;
    }

    @Override
    public BigDecimal total(Path file, char delimiter) throws IOException {
        try (CsvReader<CsvRecord> rows =
                CsvReader.builder().fieldSeparator(delimiter).ofCsvRecord(file)) {
            for (CsvRecord row : rows) {
                if (row.getFieldCount() == 2 && row.getField(0).equals(TOTAL)) {
                    return Decimals.parse(row.getField(1));
                }
            }
        }
        throw new IllegalArgumentException("another layout");
    }

    private BigDecimal writeSection(Document.Section section, Cells cells) {
        Comparator<String> byOrder = Comparator.comparingInt(this::rank);
        Map<String, Map<Resource, List<Service>>> types =
                new TreeMap<>(byOrder.thenComparing(Comparator.naturalOrder()));
        for (Line line : section.lines()) {
            for (Item item : line.items()) {
                String type = line.label() == null ? item.meter() : line.label();
                types.computeIfAbsent(type, t -> new TreeMap<>(Resource.ORDER))
                        .computeIfAbsent(new Resource(item.tenant(), item.resource()), r -> new ArrayList<>())
                        .add(new Service(line, item));
            }
        }
        BigDecimal written = BigDecimal.ZERO;
        for (Map.Entry<String, Map<Resource, List<Service>>> type : types.entrySet()) {
            for (Map.Entry<Resource, List<Service>> block : type.getValue().entrySet()) {
                written = written.add(writeResource(block.getKey(), type.getKey(), block.getValue(), cells));
            }
            cells.row();
        }
        return written;
    }

    private BigDecimal writeResource(Resource resource, String type, List<Service> services, Cells cells) {
        Item told = services.get(0).item;
        cells.row(Cells.text(resource.id.isEmpty() ? "(no resource)" : resource.id));
        cells.row("name:", "availability zone:", "type:");
        cells.row(Cells.text(told.name()), Cells.text(zone(told)), Cells.text(type));
        cells.row("service:", "usage:", "rate:", "cost:");
        BigDecimal total = BigDecimal.ZERO;
        for (Service service : services) {
            BigDecimal cost = service.cost();
            cells.row(
                    Cells.text(service.name()),
                    Cells.number(service.item.quantity()),
                    service.line.unpriced() ? "missing rate" : Cells.number(service.rate()),
                    Cells.number(cost));
            total = total.add(cost);
        }
        cells.row("total cost:", Cells.number(total));
        cells.row();
        return total;
    }

    private static BigDecimal writeExtra(Cells cells, String name, BigDecimal amount) {
        if (amount.signum() != 0) {
            cells.row(name, Cells.number(amount));
        }
        return amount;
    }

    private int rank(String type) {
        int at = typeOrder.indexOf(type);
        return at < 0 ? typeOrder.size() : at;
    }

    private static String zone(Item item) {
        return item.metadata().get(ZONE) instanceof String zone ? zone : null;
    }

    /** @param tenant null where the document bears one tenant */
    private record Resource(String tenant, String id) {
        static final Comparator<Resource> ORDER = Comparator.comparing(
                        Resource::tenant, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Resource::id);
    }

    private record Service(Line line, Item item) {
        BigDecimal cost() {
            return item.amount() == null ? item.exact() : item.amount();
        }

        BigDecimal rate() {
            return item.unitPrice() == null ? line.unitPrice() : item.unitPrice();
        }

        String name() {
            if (line.kind() == EntryKind.USAGE && line.usageMonth() == null) {
                return line.product();
            }
            String kind = line.kind().name().toLowerCase(Locale.ROOT);
            return line.product() + " (" + kind + (line.usageMonth() == null ? "" : " " + line.usageMonth()) + ")";
        }
    }
}
