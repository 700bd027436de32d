package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.Threshold;

/** Carries out a plan, within the transaction that holds the rules since the plan was made. */
final class RuleWriter {
    private static final int BATCH = 1_000;

    private final Connection connection;
    private final String actor;
    private final OffsetDateTime now;

    private final Map<String, Integer> services = new HashMap<>();
    private final Map<List<String>, Integer> fields = new HashMap<>();
    private final Map<String, Integer> groups = new HashMap<>();

    RuleWriter(Connection connection, String actor, Instant now) {
        this.connection = connection;
        this.actor = actor;
        this.now = now.atOffset(ZoneOffset.UTC);
    }

    void write(Planner plan) throws SQLException {
        end(plan);
        batch(
                "delete from rule_threshold where id = ?",
                plan.removedThresholds,
                (row, statement) -> statement.setLong(1, row.id()));
        batch("update rule_threshold set type = ?, cost = ? where id = ?", plan.changedThresholds, (change, row) -> {
            row.setString(1, change.rule().type().word());
            row.setBigDecimal(2, change.rule().cost());
            row.setLong(3, change.row().id());
        });
        remove(plan.names);
        add(plan.names);
        if (!plan.addedMappings.isEmpty() || !plan.addedThresholds.isEmpty()) {
            readIds();
            batch(
                    """
                    insert into rule_mapping
                      (service, field, value, type, cost, rule_group, tenant, start_at, end_at, created_at, created_by)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                    plan.addedMappings,
                    this::mapping);
            batch(
                    """
                    insert into rule_threshold (service, field, level, type, cost, rule_group, tenant)
                    values (?, ?, ?, ?, ?, ?, ?)""",
                    plan.addedThresholds,
                    this::threshold);
        }
    }

    private void end(Planner plan) throws SQLException {
        batch("update rule_mapping set end_at = ?, updated_by = ? where id = ?", plan.ends, (change, row) -> {
            time(row, 1, change.end());
            row.setString(2, actor);
            row.setLong(3, change.row().id());
        });
        batch(
                "update rule_mapping set deleted_at = ?, deleted_by = ? where id = ?",
                plan.withdrawn,
                (withdrawn, row) -> {
                    row.setObject(1, now);
                    row.setString(2, actor);
                    row.setLong(3, withdrawn.id());
                });
    }

    private void remove(NamePlan names) throws SQLException {
        batch("update rule_field set deleted_at = ? where id = ?", names.goneFields, this::gone);
        batch("update rule_service set deleted_at = ? where id = ?", names.goneServices, this::gone);
        batch("update rule_group set deleted_at = ? where id = ?", names.goneGroups, this::gone);
    }

    private void gone(Integer id, PreparedStatement row) throws SQLException {
        row.setObject(1, now);
        row.setInt(2, id);
    }

    private void add(NamePlan names) throws SQLException {
        batch("insert into rule_service (name) values (?)", names.newServices, (name, row) -> row.setString(1, name));
        batch("insert into rule_group (name) values (?)", names.newGroups, (name, row) -> row.setString(1, name));
        if (names.placed.isEmpty()) {
            return;
        }
        readServices();
        List<Long> places = places(names.placed.size());
        List<Integer> order = new ArrayList<>();
        names.placed.forEach(field -> order.add(order.size()));
        batch(
                "insert into rule_field (service, name, place) values (?, ?, ?)",
                order.stream().filter(i -> names.placed.get(i).id() == null).toList(),
                (index, row) -> {
                    NamePlan.Placed field = names.placed.get(index);
                    row.setInt(1, services.get(field.service()));
                    row.setString(2, field.name());
                    row.setLong(3, places.get(index));
                });
        batch(
                "update rule_field set place = ? where id = ?",
                order.stream().filter(i -> names.placed.get(i).id() != null).toList(),
                (index, row) -> {
                    row.setLong(1, places.get(index));
                    row.setInt(2, names.placed.get(index).id());
                });
    }

    private List<Long> places(int count) throws SQLException {
        List<Long> places = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("select nextval('rule_place') from generate_series(1, ?)")) {
            select.setInt(1, count);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    places.add(row.getLong(1));
                }
            }
        }
        places.sort(null);
        return places;
    }

    private void mapping(Mapping rule, PreparedStatement row) throws SQLException {
        place(row, rule.service(), rule.field());
        row.setString(3, rule.value());
        row.setString(4, rule.type().word());
        row.setBigDecimal(5, rule.cost());
        integer(row, 6, rule.group() == null ? null : groups.get(rule.group()));
        row.setString(7, rule.tenant());
        time(row, 8, rule.start());
        time(row, 9, rule.end());
        row.setObject(10, now);
        row.setString(11, actor);
    }

    private void threshold(Threshold rule, PreparedStatement row) throws SQLException {
        place(row, rule.service(), rule.field());
        row.setBigDecimal(3, rule.level());
        row.setString(4, rule.type().word());
        row.setBigDecimal(5, rule.cost());
        integer(row, 6, rule.group() == null ? null : groups.get(rule.group()));
        row.setString(7, rule.tenant());
    }

    private void place(PreparedStatement row, String service, String field) throws SQLException {
        row.setInt(1, services.get(service));
        integer(row, 2, field == null ? null : fields.get(List.of(service, field)));
    }

    private static void integer(PreparedStatement row, int column, Integer value) throws SQLException {
        row.setObject(column, value, Types.INTEGER);
    }

    private static void time(PreparedStatement row, int column, Instant value) throws SQLException {
        row.setObject(column, value == null ? null : value.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private void readServices() throws SQLException {
        read(
                "select id, name from rule_service where deleted_at is null",
                row -> services.put(row.getString(2), row.getInt(1)));
    }

    private void readIds() throws SQLException {
        readServices();
        read(
                "select id, name from rule_group where deleted_at is null",
                row -> groups.put(row.getString(2), row.getInt(1)));
        read(
                """
                select f.id, s.name, f.name from rule_field f join rule_service s on s.id = f.service
                 where f.deleted_at is null and s.deleted_at is null""",
                row -> fields.put(List.of(row.getString(2), row.getString(3)), row.getInt(1)));
    }

    private interface Reader {
        void take(ResultSet row) throws SQLException;
    }

    private void read(String sql, Reader reader) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                reader.take(row);
            }
        }
    }

    private interface Setter<T> {
        void set(T value, PreparedStatement row) throws SQLException;
    }

    /** Nothing is said to the database where there is nothing to do: a statement alone would raise the version. */
    private <T> void batch(String sql, Collection<T> values, Setter<T> setter) throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int waiting = 0;
            for (T value : values) {
                setter.set(value, statement);
                statement.addBatch();
                if (++waiting % BATCH == 0) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
        }
    }
}
