package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.caravan.common.Decimals;
import org.caravan.reseller.Billable;
import org.caravan.reseller.ReportQuery;
import org.caravan.reseller.ReportRow;

/** A report as RFC 4180 has it, in UTF-8. No text in it is taken for a formula by a spreadsheet. */
final class ReportCsv {
    private static final List<String> COLUMNS = List.of(
            "client_id",
            "test_account",
            "customer_email",
            "customer_name",
            "subscription_id",
            "invoice_id",
            "invoice_date",
            "invoice_status",
            "invoice_start",
            "invoice_end",
            "invoice_subtotal",
            "invoice_discount_percentage",
            "invoice_discount_flat",
            "invoice_discount_total",
            "invoice_total",
            "customer_metadata");
    private static final List<String> DETAIL = List.of(
            "project_id",
            "project_name",
            "region",
            "resource_id",
            "resource_name",
            "resource_type",
            "description",
            "quantity",
            "unit",
            "rate",
            "resource_total",
            "reseller_metadata");
    private static final int MONTH = "yyyy-MM".length();

    private final ReportQuery query;

    ReportCsv(ReportQuery query) {
        this.query = query;
    }

    /** The names of the columns, and the first rows. */
    byte[] begin(List<ReportRow> rows) {
        List<String> names = new ArrayList<>(COLUMNS);
        if (query.federated()) {
            names.add("provider");
        }
        if (query.federated() || query.all()) {
            names.add("reseller");
        }
        if (query.detail()) {
            names.addAll(DETAIL);
        }
        List<List<String>> lines = new ArrayList<>(List.of(names));
        rows.forEach(row -> lines.add(line(row)));
        return bytes(lines);
    }

    byte[] rows(List<ReportRow> rows) {
        return bytes(rows.stream().map(this::line).toList());
    }

    private static byte[] bytes(List<List<String>> lines) {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
            printer.printRecords(lines);
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory can always be written", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<String> line(ReportRow row) {
        ReportRow.Invoice invoice = row.invoice();
        List<String> cells = new ArrayList<>();
        cells.add(text(invoice.client().id()));
        cells.add(invoice.test() ? "True" : "False");
        cells.add(text(invoice.client().email()));
        cells.add(text(invoice.client().name()));
        cells.add(text(invoice.subscription()));
        cells.add(text(invoice.id()));
        cells.add(invoice.first().toString().substring(0, MONTH));
        cells.add(invoice.paid() ? "paid" : "not paid");
        cells.add(invoice.first().toString());
        cells.add(invoice.last().toString());
        ReportRow.Figures figures = row.figures();
        cells.add(figures == null ? "" : number(figures.subtotal()));
        cells.add(figures == null ? "" : number(figures.discountPercentage()));
        cells.add(figures == null ? "" : number(figures.discountFlat()));
        cells.add(figures == null ? "" : number(figures.discount()));
        cells.add(figures == null ? "" : number(figures.total()));
        cells.add(figures == null ? "" : text(invoice.metadata()));
        if (query.federated()) {
            cells.add(text(row.provider()));
        }
        if (query.federated() || query.all()) {
            cells.add(text(invoice.reseller()));
        }
        if (query.detail()) {
            cells.addAll(item(row));
        }
        return cells;
    }

    private static List<String> item(ReportRow row) {
        Billable item = row.item();
        if (item == null) {
            return DETAIL.stream().map(name -> "").toList();
        }
        return List.of(
                text(row.project().id()),
                text(row.project().name()),
                text(row.project().datacenter()),
                text(item.resourceId()),
                text(item.name()),
                item.kind().type(),
                text(item.description()),
                quantity(item.quantity()),
                text(item.unit()),
                rate(item),
                number(item.total()),
                row.note() == null ? "" : text(row.note().toString()));
    }

    private static String rate(Billable item) {
        JsonNode rate = BillableJson.rate(item.rate());
        return rate.isNumber() ? number(rate.decimalValue()) : ResellerJson.text(rate);
    }

    private static String number(BigDecimal value) {
        return Decimals.plain(value);
    }

    private static String quantity(BigDecimal value) {
        return number(
                value.scale() > BillableJson.PLACES
                        ? value.setScale(BillableJson.PLACES, RoundingMode.HALF_UP)
                        : value);
    }

    /** A spreadsheet takes a cell for a formula by its first character. */
    private static String text(String value) {
        if (value == null || value.isEmpty()) {
            return "";
        }
        return "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    }
}
