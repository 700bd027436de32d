package org.caravan.reseller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.common.Json;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;
import org.caravan.subscription.Refusal;

/** A merchant's products as a price list. A product without a price of its own has that of the plan that was changed last. */
public final class ResellerProducts {
    private static final String SELECT =
            """
            select p.id, p.name, coalesce(p.title, p.name) as label, p.properties, p.metadata, p.created_at, p.updated_at,
                   case when p.pricing <> '[]' then p.pricing
                        else (select i.pricing from plan_item i join plan l on l.id = i.plan_id
                               where i.product_id = p.id and i.pricing is not null and l.deleted_at is null
                               order by i.updated_at desc, i.plan_id limit 1) end as pricing
              from product p where p.merchant_id = ? and p.deleted_at is null
            """;

    private final DataSource dataSource;
    private final Kinds kinds;
    private final Clock clock;

    /** @param kinds what a product is by its name, where its properties don't say */
    public ResellerProducts(DataSource dataSource, Kinds kinds, Clock clock) {
        this.dataSource = dataSource;
        this.kinds = kinds;
        this.clock = clock;
    }

    /** In the order in which they were made. */
    public List<ResellerProduct> page(Reseller reseller, Page page) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            if (page.marker() != null
                    && read(connection, SELECT + " and p.id = ?", reseller.id(), page.marker())
                            .isEmpty()) {
                throw Page.unknownMarker();
            }
            return page.marker() == null
                    ? read(
                            connection,
                            SELECT + " order by p.created_at, p.id collate \"C\" limit " + page.rows(),
                            reseller.id())
                    : read(
                            connection,
                            SELECT
                                    + " and (p.created_at, p.id collate \"C\") > (select created_at, id from product where id = ?)"
                                    + " order by p.created_at, p.id collate \"C\" limit " + page.rows(),
                            reseller.id(),
                            page.marker());
        });
    }

    /**
     * Replaces what is written beside a product.
     *
     * @param metadata null takes it away
     * @throws Refusal if the reseller has no such product
     */
    public ResellerProduct write(Reseller reseller, String id, ResourceNote metadata) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("update product set metadata = ?::jsonb, updated_at = ?"
                            + " where id = ? and merchant_id = ? and deleted_at is null")) {
                update.setString(1, metadata == null ? null : metadata.text());
                update.setObject(2, SqlTime.at(clock.instant()));
                update.setString(3, id);
                update.setString(4, reseller.id());
                if (update.executeUpdate() == 0) {
                    throw Refusal.notFound("Product");
                }
            }
            return read(connection, SELECT + " and p.id = ?", reseller.id(), id).get(0);
        });
    }

    private List<ResellerProduct> read(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            List<ResellerProduct> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(product(row));
                }
            }
            return found;
        }
    }

    private ResellerProduct product(ResultSet row) throws SQLException {
        JsonNode properties = json(row.getString("properties"));
        String name = row.getString("name");
        ResourceKind kind = kinds.of(name, name).kind();
        return new ResellerProduct(
                row.getString("id"),
                name,
                row.getString("label"),
                properties.path("product_code").asText(name),
                properties.path("billablecategory_slug").asText(kind == ResourceKind.OTHERS ? "" : kind.type()),
                properties
                        .path("billableunit_slug")
                        .asText(properties.path("measure").asText(kind.unit())),
                ListPrice.of(json(row.getString("pricing"))),
                json(row.getString("metadata")),
                SqlTime.instant(row, "created_at"),
                SqlTime.instant(row, "updated_at"));
    }

    private static JsonNode json(String text) {
        try {
            return text == null ? null : Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database keeps JSON that can't be read", e);
        }
    }
}
