package org.caravan.subscription;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Sets of products with prices. */
public final class Plans extends EntityStore {
    private static final Entity ENTITY = Entity.of(
            "Plan",
            "plan",
            "",
            List.of(
                    Field.text("name", 60).must(),
                    Field.text("title", 100),
                    Field.text("description", 255),
                    Field.of("properties", FieldType.PROPERTIES, 0),
                    Field.of("items", FieldType.LIST, 0).elsewhere(PlanItems.SQL),
                    Field.read("merchant_id", FieldType.TEXT)),
            Map.of());

    private final PlanItems items;

    public Plans(DataSource dataSource, Clock clock, PlanItems items) {
        super(ENTITY, dataSource, clock);
        this.items = items;
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
    }

    @Override
    protected void written(Connection connection, Scope scope, Entry given, boolean isNew) throws SQLException {
        if (given.get("items") != null) {
            items.replace(connection, new Scope(scope.merchant(), null, given.text("id")), given.json("items"));
        }
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        if (EntityRows.isThere(
                connection, "select from subscription where plan_id = ? and ended_at is null", now.text("id"))) {
            throw Refusal.inUse("Plan has open subscriptions; end them first.");
        }
        hide(connection, now);
    }
}
