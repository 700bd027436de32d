package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** What a merchant sells: each one meter, by its name. */
public final class Products extends EntityStore {
    private static final Entity ENTITY = Entity.of(
            "Product",
            "product",
            "",
            List.of(
                    Field.text("name", 60).must(),
                    Field.text("title", 100),
                    Field.text("description", 255),
                    Field.of("properties", FieldType.PROPERTIES, 0),
                    Field.of("pricing", FieldType.PRICING, 0),
                    Field.read("merchant_id", FieldType.TEXT)),
            Map.of());

    private final Predicate<String> bands;

    /** @param bands true of a meter whose usage is told apart by the time of day: only that can be priced by it */
    public Products(DataSource dataSource, Clock clock, Predicate<String> bands) {
        super(ENTITY, dataSource, clock);
        this.bands = bands;
    }

    @Override
    protected Condition within(Scope scope) {
        return Condition.of("t.merchant_id = ? and t.deleted_at is null", scope.merchant());
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {
        References.merchant(connection, scope.merchant());
        given.put("merchant_id", scope.merchant());
        given.otherwise("properties", JsonNodeFactory.instance.objectNode());
        given.otherwise("pricing", JsonNodeFactory.instance.arrayNode());
        checkTime(bands, given.text("name"), given.json("pricing"));
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {
        if (changes.has("pricing")) {
            changes.otherwise("pricing", JsonNodeFactory.instance.arrayNode());
        }
        String name = changes.has("name") ? changes.text("name") : now.text("name");
        if (!name.equals(now.text("name"))
                && EntityRows.isThere(connection, "select from plan_item where product_id = ?", now.text("id"))) {
            throw Refusal.inUse("Product is in plans, which know its usage by its name; make another product.");
        }
        checkTime(bands, name, changes.has("pricing") ? changes.json("pricing") : now.json("pricing"));
    }

    /** Prices by the time of day need usage that is told apart by it. */
    static void checkTime(Predicate<String> bands, String meter, JsonNode pricing) {
        if (pricing != null && Pricing.isByTime(pricing) && !bands.test(meter)) {
            throw Refusal.invalid(
                    "pricing",
                    "can't be by time of day: the meter of this product has no bands, by which its usage would be told"
                            + " apart (config/meters.yaml)");
        }
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        if (EntityRows.isThere(
                connection,
                "select from plan_item i join plan p on p.id = i.plan_id where i.product_id = ? and p.deleted_at is null",
                now.text("id"))) {
            throw Refusal.inUse("Product is in plans; take it out of them first.");
        }
        hide(connection, now);
    }
}
