package org.caravan.subscription;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.caravan.common.Json;
import org.caravan.invoice.SqlTime;

/** The statements of an entity, made from its fields. */
final class EntityRows {
    private final Entity entity;
    private final String select;

    EntityRows(Entity entity) {
        this.entity = entity;
        StringJoiner columns = new StringJoiner(", ");
        entity.fields().forEach(field -> columns.add(field.sql() + " as " + field.name()));
        this.select = "select " + columns + " from " + entity.from() + " where ";
    }

    /** What is within a condition and matches, in order. */
    List<Entry> list(Connection connection, Condition within, ListQuery query) throws SQLException {
        Condition where = within;
        for (Filter filter : query.filters()) {
            where = where.and(filter.condition(), filter.value());
        }
        if (query.marker() != null) {
            Entry marker = find(connection, within, query.marker(), false)
                    .orElseThrow(() -> Refusal.of(
                            Refusal.Kind.BAD_REQUEST, "marker: no " + entity.word() + " of this list has this key."));
            where = entity.isTimed()
                    ? where.and("(t.created_at, " + key() + ") > (?, ?)", marker.time("created_at"), query.marker())
                    : where.and(key() + " > ?", query.marker());
        }
        return read(
                connection,
                where.sql() + " order by " + (entity.isTimed() ? "t.created_at, " : "") + key() + " limit ?",
                where.and("true", query.limit()).values());
    }

    private String key() {
        return "(" + entity.keySql() + ") collate \"C\"";
    }

    /** @param lock true to keep others from changing it until the transaction ends */
    Optional<Entry> find(Connection connection, Condition within, String key, boolean lock) throws SQLException {
        Condition where = within.and(entity.keySql() + " = ?", key);
        return read(connection, where.sql() + (lock ? " for no key update of t" : ""), where.values()).stream()
                .findFirst();
    }

    private List<Entry> read(Connection connection, String where, List<Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select + where)) {
            bind(statement, values);
            List<Entry> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(entry(row));
                }
            }
            return found;
        }
    }

    private Entry entry(ResultSet row) throws SQLException {
        Entry entry = new Entry();
        for (Field field : entity.fields()) {
            entry.put(field.name(), value(row, field));
        }
        return entry;
    }

    private static Object value(ResultSet row, Field field) throws SQLException {
        return switch (field.type()) {
            case TEXT -> row.getString(field.name());
            case INTEGER -> {
                int value = row.getInt(field.name());
                yield row.wasNull() ? null : value;
            }
            case BOOLEAN -> {
                boolean value = row.getBoolean(field.name());
                yield row.wasNull() ? null : value;
            }
            case DECIMAL -> row.getBigDecimal(field.name());
            case TIME -> SqlTime.instant(row, field.name());
            default -> json(row.getString(field.name()));
        };
    }

    private static JsonNode json(String text) {
        try {
            return text == null ? null : Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database keeps JSON that can't be read", e);
        }
    }

    /** Writes a row. */
    static void insert(Connection connection, String table, Map<String, Object> columns) throws SQLException {
        StringJoiner marks = new StringJoiner(", ");
        columns.values().forEach(value -> marks.add(mark(value)));
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into " + table + " (" + String.join(", ", columns.keySet()) + ") values (" + marks + ")")) {
            bind(insert, new ArrayList<>(columns.values()));
            insert.executeUpdate();
        }
    }

    /** Changes the rows of a condition, in which there is no {@code t}. */
    static int update(Connection connection, String table, Map<String, Object> columns, Condition where)
            throws SQLException {
        StringJoiner set = new StringJoiner(", ");
        columns.forEach((column, value) -> set.add(column + " = " + mark(value)));
        List<Object> values = new ArrayList<>(columns.values());
        values.addAll(where.values());
        try (PreparedStatement update =
                connection.prepareStatement("update " + table + " set " + set + " where " + where.sql())) {
            bind(update, values);
            return update.executeUpdate();
        }
    }

    /** Runs a statement that changes something. */
    static int run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, java.util.Arrays.asList(values));
            return statement.executeUpdate();
        }
    }

    /** The first column of the first row as a text; null without one. */
    static String ask(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, java.util.Arrays.asList(values));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** True if there is a row. */
    static boolean isThere(Connection connection, String sql, Object... values) throws SQLException {
        return "t".equals(ask(connection, "select exists (" + sql + ")", values));
    }

    private static String mark(Object value) {
        return value instanceof JsonNode ? "?::jsonb" : "?";
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value instanceof Instant time) {
                statement.setObject(i + 1, SqlTime.at(time));
            } else if (value instanceof JsonNode node) {
                statement.setString(i + 1, node.toString());
            } else if (value != null) {
                statement.setObject(i + 1, value);
            } else {
                statement.setNull(i + 1, java.sql.Types.NULL);
            }
        }
    }
}
