package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Products in a plan. What an item does not say itself is its product's: title, description and pricing. */
public final class PlanItems extends EntityStore {
    private static final int MAX = 1_000;
    private static final String PRODUCT = "product_id";
    private static final Entity ENTITY = Entity.keyed(
            "PlanItem",
            "plan_item",
            "join product p on p.id = t.product_id",
            PRODUCT,
            List.of(
                    Field.read("plan_id", FieldType.TEXT),
                    Field.text(PRODUCT, 255).must().once(),
                    Field.read("name", FieldType.TEXT, "p.name"),
                    Field.text("title", 100).as("coalesce(t.title, p.title)"),
                    Field.text("description", 255).as("coalesce(t.description, p.description)"),
                    Field.of("pricing", FieldType.PRICING, 0).as("coalesce(t.pricing, p.pricing)"),
                    Field.read("created_at", FieldType.TIME),
                    Field.read("updated_at", FieldType.TIME)));

    /** The expression that reads a plan's items. */
    static final String SQL =
            """
            (select coalesce(jsonb_agg(jsonb_build_object('plan_id', i.plan_id, 'product_id', i.product_id, 'name', p.name,
                      'title', coalesce(i.title, p.title), 'description', coalesce(i.description, p.description),
                      'pricing', coalesce(i.pricing, p.pricing)) order by i.created_at, p.name), '[]')
               from plan_item i join product p on p.id = i.product_id where i.plan_id = t.id)
            """;

    private final Predicate<String> bands;

    /** @param bands see {@link Products} */
    public PlanItems(DataSource dataSource, Clock clock, Predicate<String> bands) {
        super(ENTITY, dataSource, clock);
        this.bands = bands;
    }

    @Override
    protected Condition within(Scope scope) {
        return Condition.of(
                "t.plan_id = ? and exists (select from plan where id = t.plan_id and merchant_id = ? and deleted_at is null)",
                scope.parent(),
                scope.merchant());
    }

    @Override
    protected Condition own(Scope scope, Entry now) {
        return Condition.of("plan_id = ?", scope.parent());
    }

    /**
     * Puts a product into a plan, or says anew what is said of it there.
     *
     * @param given as for an update; what it does not say is the product's again
     */
    public Entry put(Scope scope, String product, Entry given) throws SQLException {
        return changing(connection -> {
            plan(connection, scope);
            put(connection, scope, product, given);
            return get(connection, scope, product, false);
        });
    }

    /** The plan must be there and stay so. */
    private static void plan(Connection connection, Scope scope) throws SQLException {
        if (EntityRows.ask(
                        connection,
                        "select id from plan where id = ? and merchant_id = ? and deleted_at is null for no key update",
                        scope.parent(),
                        scope.merchant())
                == null) {
            throw Refusal.notFound("Plan");
        }
    }

    private void put(Connection connection, Scope scope, String product, Entry given) throws SQLException {
        if (given.get(PRODUCT) != null && !given.text(PRODUCT).equals(product)) {
            throw Refusal.of(Refusal.Kind.BAD_REQUEST, "Not allowed to change " + PRODUCT);
        }
        if (given.get("plan_id") != null && !given.text("plan_id").equals(scope.parent())) {
            throw Refusal.invalid("plan_id", "is read-only");
        }
        References.within(connection, PRODUCT, "product", scope.merchant(), product);
        checkTime(connection, product, given);
        Map<String, Object> columns = new LinkedHashMap<>();
        for (String name : new String[] {"title", "description", "pricing"}) {
            columns.put(name, given.get(name));
        }
        columns.put("updated_at", now());
        if (EntityRows.update(
                        connection,
                        "plan_item",
                        columns,
                        Condition.of("plan_id = ? and product_id = ?", scope.parent(), product))
                == 0) {
            columns.put("plan_id", scope.parent());
            columns.put(PRODUCT, product);
            columns.put("created_at", now());
            EntityRows.insert(connection, "plan_item", columns);
        }
    }

    private void checkTime(Connection connection, String product, Entry given) throws SQLException {
        if (given.get("pricing") != null) {
            Products.checkTime(
                    bands,
                    EntityRows.ask(connection, "select name from product where id = ?", product),
                    given.json("pricing"));
        }
    }

    /** Makes a plan's items those of a list. */
    void replace(Connection connection, Scope plan, JsonNode list) throws SQLException {
        if (!list.isArray() || list.size() > MAX) {
            throw Refusal.invalid("items", "must be a list of at most " + MAX + " items");
        }
        Set<String> products = new HashSet<>();
        for (JsonNode item : list) {
            String where = "item " + (products.size() + 1) + ": ";
            try {
                Entry given = EntryReader.update(ENTITY, item);
                if (given.get(PRODUCT) == null || !products.add(given.text(PRODUCT))) {
                    throw Refusal.invalid("items", where + "must name a product_id, each once");
                }
                put(connection, plan, given.text(PRODUCT), given);
            } catch (Refusal e) {
                throw e.errors().containsKey("items") ? e : Refusal.invalid("items", where + e.getMessage());
            }
        }
        EntityRows.run(
                connection,
                "delete from plan_item where plan_id = ? and not product_id = any (?)",
                plan.parent(),
                connection.createArrayOf("text", products.toArray()));
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {
        checkTime(connection, now.text(PRODUCT), changes);
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        EntityRows.run(
                connection,
                "delete from plan_item where plan_id = ? and product_id = ?",
                scope.parent(),
                now.text(PRODUCT));
    }
}
