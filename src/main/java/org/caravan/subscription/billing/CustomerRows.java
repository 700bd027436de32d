package org.caravan.subscription.billing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravan.common.Decimals;
import org.caravan.common.Json;
import org.caravan.invoice.document.AccountProfile.TaxRate;
import org.caravan.invoice.document.Document;

/** Reads customers as they are billed. */
final class CustomerRows {
    /** Of each customer the contact that it names, else its first. */
    private static final String CUSTOMERS =
            """
            select c.id, c.account, coalesce(c.title, c.name) as title, c.currency, x.exchange_rate, c.taxes,
                   c.discount_percentage, c.discount_flat,
                   coalesce(c.rounding, case when exists (select from reseller r where r.merchant_id = c.merchant_id)
                                             then 'reseller' end) as rounding,
                   c.connectors, c.properties ->> 'tax_id' as tax_id,
                   c.properties ->> 'reference' as reference, i.company, i.first_name, i.last_name, i.email, i.address1,
                   i.address2, i.address3, i.postal_code, i.locality, i.region, i.country_name
              from customer c
              left join reseller_currency x on x.merchant_id = c.merchant_id and x.iso_code = upper(c.currency)
              left join lateral (select * from contact_info i where i.customer_id = c.id
                                  order by i.id is not distinct from c.default_info desc, i.place limit 1) i on true
            """;

    private CustomerRows() {}

    /** Customers with a subscription, by id. */
    static Map<String, Customer> all(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                CUSTOMERS + "where exists (select from subscription s where s.customer_id = c.id)")) {
            return read(select);
        }
    }

    /** Some customers, by id. */
    static Map<String, Customer> of(Connection connection, Collection<String> ids) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(CUSTOMERS + "where c.id = any (?)")) {
            select.setArray(1, connection.createArrayOf("text", ids.toArray()));
            return read(select);
        }
    }

    private static Map<String, Customer> read(PreparedStatement select) throws SQLException {
        Map<String, Customer> customers = new HashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                customers.put(
                        row.getString("id"),
                        new Customer(
                                row.getString("account"),
                                shown(row),
                                row.getString("currency").toUpperCase(Locale.ROOT),
                                row.getBigDecimal("exchange_rate"),
                                taxes(row.getString("taxes")),
                                row.getBigDecimal("discount_percentage"),
                                row.getBigDecimal("discount_flat"),
                                row.getString("rounding"),
                                texts(row.getString("connectors"))));
            }
        }
        return customers;
    }

    private static Document.Customer shown(ResultSet row) throws SQLException {
        String company = row.getString("company");
        String person = joined(" ", row.getString("first_name"), row.getString("last_name"));
        String place = joined(" ", row.getString("postal_code"), row.getString("locality"));
        String address = joined(
                ", ",
                company != null && !company.isBlank() ? person : null,
                row.getString("address1"),
                row.getString("address2"),
                row.getString("address3"),
                place,
                row.getString("region"),
                row.getString("country_name"));
        String name = Stream.of(company, person, row.getString("title"))
                .filter(text -> text != null && !text.isBlank())
                .findFirst()
                .orElse(null);
        return new Document.Customer(
                name, row.getString("email"), address, row.getString("tax_id"), row.getString("reference"));
    }

    private static String joined(String separator, String... texts) {
        String all = Stream.of(texts)
                .filter(Objects::nonNull)
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining(separator));
        return all.isEmpty() ? null : all;
    }

    private static List<TaxRate> taxes(String json) {
        if (json == null) {
            return null;
        }
        List<TaxRate> taxes = new ArrayList<>();
        for (JsonNode tax : read(json)) {
            taxes.add(new TaxRate(
                    tax.path("name").asText(), Decimals.parse(tax.path("rate").asText())));
        }
        return taxes;
    }

    private static List<String> texts(String json) {
        if (json == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        read(json).forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static JsonNode read(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a customer's stored settings are no JSON", e);
        }
    }
}
