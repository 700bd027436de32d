package org.caravan.reseller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.caravan.common.Json;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;

/** The invoices of a report, a page of them at a time, and their documents one by one. Credit notes are among them. */
final class ReportInvoices {
    /** Rows in hand. */
    private static final int PAGE = 200;

    private static final String SELECT =
            """
            select d.id as place, d.month, md5(d.key)::uuid::text as invoice, j.subtotal, j.discount, d.total, s.paid,
                   m.name as reseller, c.properties,
                   (select k.id from contract k where k.customer_id = c.id and k.from_day < d.month + interval '1 month'
                       and (k.until_day is null or k.until_day > d.month) order by k.from_day, k.id limit 1) as subscription,
                   case when %s then (select jsonb_agg(x ->> 'name') from json_array_elements(j.sections) x) end as names,
            """;

    private static final String FROM =
            """
              from document d
              left join document o on o.id = d.corrects
              join invoice_status s on s.document_key = coalesce(o.key, d.key)
              join customer c on c.id = s.customer_id
              join merchant m on m.id = s.merchant_id
             %s
             cross join lateral json_to_record(d.body::json) as j (subtotal numeric, discount json, sections json)
             where not d.proforma and d.month between ? and ? and (d.month, d.id) > (?, ?)
            """
                    .formatted(Clients.CONTACT);

    private final DataSource dataSource;
    private final ReportQuery query;
    private LocalDate month;
    private long place;

    /**
     * An invoice, without its document.
     *
     * @param place of its document
     * @param datacenters of its sections; empty where nobody asked
     */
    record Found(
            long place,
            LocalDate month,
            ReportRow.Invoice invoice,
            ReportRow.Figures figures,
            Set<String> datacenters) {
        Found {
            datacenters = Set.copyOf(datacenters);
        }
    }

    ReportInvoices(DataSource dataSource, ReportQuery query) {
        this.dataSource = dataSource;
        this.query = query;
        this.month = YearMonth.from(query.from()).atDay(1);
    }

    /**
     * The next ones of a reseller, or of all.
     *
     * @return null at the end; empty where none of a page begins within the query
     */
    List<Found> next(String reseller) throws SQLException {
        return page(reseller == null ? "" : " and s.merchant_id = ?", reseller, this::isWithin);
    }

    /** The next ones of any other reseller with a section in one of some datacenters; as {@link #next}. */
    List<Found> nextAt(String reseller, Collection<String> datacenters) throws SQLException {
        return page(
                " and s.merchant_id <> ?",
                reseller,
                found -> isWithin(found) && found.datacenters().stream().anyMatch(datacenters::contains));
    }

    /** A page at a time, whatever is meant of it: none takes longer than another, however few are. */
    private List<Found> page(String narrowed, String reseller, Predicate<Found> meant) throws SQLException {
        List<Found> read = Transactions.single(dataSource, connection -> read(connection, narrowed, reseller));
        if (read.isEmpty()) {
            return null;
        }
        month = read.get(read.size() - 1).month();
        place = read.get(read.size() - 1).place();
        return read.stream().filter(meant).toList();
    }

    private boolean isWithin(Found found) {
        LocalDate first = found.invoice().first();
        return !first.isBefore(query.from()) && !first.isAfter(query.to());
    }

    private List<Found> read(Connection connection, String narrowed, String reseller) throws SQLException {
        String sql = SELECT.formatted(query.federated()) + Clients.COLUMNS + FROM + narrowed
                + " order by d.month, d.id limit " + PAGE;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, YearMonth.from(query.from()).atDay(1));
            select.setObject(2, YearMonth.from(query.to()).atDay(1));
            select.setObject(3, month);
            select.setLong(4, place);
            if (reseller != null) {
                select.setString(5, reseller);
            }
            List<Found> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(found(row));
                }
            }
            return found;
        }
    }

    private static Found found(ResultSet row) throws SQLException {
        Client client = Clients.read(row);
        LocalDate month = row.getObject("month", LocalDate.class);
        BillingPeriod period = BillingPeriod.of(client, YearMonth.from(month));
        JsonNode properties = json(row.getString("properties"));
        JsonNode discount = json(row.getString("discount"));
        ReportRow.Invoice invoice = new ReportRow.Invoice(
                row.getString("invoice"),
                client,
                properties.path("test_account").asBoolean(false),
                row.getString("subscription"),
                period.from().atOffset(ZoneOffset.UTC).toLocalDate(),
                period.until().atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1),
                row.getBoolean("paid"),
                properties.toString(),
                row.getString("reseller"));
        ReportRow.Figures figures = new ReportRow.Figures(
                row.getBigDecimal("subtotal"),
                decimal(discount, "percentage"),
                decimal(discount, "flat"),
                decimal(discount, "amount"),
                row.getBigDecimal("total"));
        Set<String> datacenters = new TreeSet<>();
        json(row.getString("names")).forEach(name -> datacenters.add(name.asText()));
        return new Found(row.getLong("place"), month, invoice, figures, datacenters);
    }

    private static BigDecimal decimal(JsonNode node, String field) {
        return new BigDecimal(node.path(field).asText("0"));
    }

    private static JsonNode json(String text) {
        try {
            return text == null ? MissingNode.getInstance() : Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database keeps JSON that can't be read", e);
        }
    }

    /** The document of one that was found. */
    Document document(Found found) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement("select body from document where id = ?")) {
                select.setLong(1, found.place());
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return DocumentJson.read(row.getString(1).getBytes(StandardCharsets.UTF_8));
                }
            }
        });
    }
}
