package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleIds;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.hashmap.Threshold;

/**
 * The rows that count, by their ids: nothing deleted, and a rule of a deleted group is one without a group.
 *
 * <p>Rules stand under their parents as in a tariff file: services in order of creation, of each its own rules, then those
 * of its fields, each list in order of creation. The order between parents prices nothing.
 */
record RuleRows(
        Map<Integer, String> services,
        Map<Integer, FieldRow> fields,
        Map<Integer, String> groups,
        List<MappingRow> mappings,
        List<ThresholdRow> thresholds) {
    private static final int FETCH_ROWS = 10_000;

    /** @param place the order among the fields of its service */
    record FieldRow(int id, int service, String name, long place) {}

    /** @param uuid what the outside calls it */
    record MappingRow(long id, String uuid, Mapping rule) {}

    /** @param uuid what the outside calls it */
    record ThresholdRow(long id, String uuid, Threshold rule) {}

    /** Reads them; the transaction must see a snapshot or hold the rules. */
    static RuleRows read(Connection connection) throws SQLException {
        Map<Integer, String> services = names(connection, "rule_service");
        Map<Integer, FieldRow> fields = new LinkedHashMap<>();
        each(
                connection,
                """
                select f.id, f.service, f.name, f.place from rule_field f
                  join rule_service s on s.id = f.service and s.deleted_at is null
                 where f.deleted_at is null
                 order by f.service, f.place""",
                row -> {
                    FieldRow field = new FieldRow(row.getInt(1), row.getInt(2), row.getString(3), row.getLong(4));
                    fields.put(field.id(), field);
                });
        Map<Integer, String> groups = names(connection, "rule_group");
        List<MappingRow> mappings = new ArrayList<>();
        each(
                connection,
                """
                select m.id, s.name, f.name, nullif(m.value, ''), m.type, m.cost, g.name, m.tenant, m.start_at, m.end_at,
                       m.uuid
                  from rule_mapping m
                  join rule_service s on s.id = m.service and s.deleted_at is null
                  left join rule_field f on f.id = m.field and f.deleted_at is null
                  left join rule_group g on g.id = m.rule_group and g.deleted_at is null
                 where m.deleted_at is null and (m.field is null or f.id is not null)
                 order by s.id, f.place nulls first, m.id""",
                row -> mappings.add(new MappingRow(
                        row.getLong(1),
                        row.getString(11),
                        new Mapping(
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                RuleType.of(row.getString(5)),
                                row.getBigDecimal(6),
                                row.getString(7),
                                row.getString(8),
                                instant(row, 9),
                                instant(row, 10),
                                false))));
        List<ThresholdRow> thresholds = new ArrayList<>();
        each(
                connection,
                """
                select t.id, s.name, f.name, t.level, t.type, t.cost, g.name, t.tenant, t.uuid
                  from rule_threshold t
                  join rule_service s on s.id = t.service and s.deleted_at is null
                  left join rule_field f on f.id = t.field and f.deleted_at is null
                  left join rule_group g on g.id = t.rule_group and g.deleted_at is null
                 where t.field is null or f.id is not null
                 order by s.id, f.place nulls first, t.id""",
                row -> thresholds.add(new ThresholdRow(
                        row.getLong(1),
                        row.getString(9),
                        new Threshold(
                                row.getString(2),
                                row.getString(3),
                                row.getBigDecimal(4),
                                RuleType.of(row.getString(5)),
                                row.getBigDecimal(6),
                                row.getString(7),
                                row.getString(8)))));
        return new RuleRows(services, fields, groups, mappings, thresholds);
    }

    /** The rules alone. */
    RuleSet ruleSet() {
        Map<Integer, List<String>> fieldsOf = new HashMap<>();
        fields.values().forEach(field -> fieldsOf.computeIfAbsent(field.service(), s -> new ArrayList<>())
                .add(field.name()));
        List<RuleSet.Service> all = new ArrayList<>();
        services.forEach((id, name) -> all.add(new RuleSet.Service(name, fieldsOf.getOrDefault(id, List.of()))));
        return new RuleSet(
                all,
                groups.values().stream()
                        .map(name -> new RuleSet.Group(name, false))
                        .toList(),
                mappings.stream().map(MappingRow::rule).toList(),
                thresholds.stream().map(ThresholdRow::rule).toList());
    }

    /** What the rules of {@link #ruleSet} are called by the outside. */
    RuleIds ids() {
        return new RuleIds(
                mappings.stream().map(MappingRow::uuid).toList(),
                thresholds.stream().map(ThresholdRow::uuid).toList());
    }

    private static Map<Integer, String> names(Connection connection, String table) throws SQLException {
        Map<Integer, String> names = new LinkedHashMap<>();
        each(
                connection,
                "select id, name from " + table + " where deleted_at is null order by id",
                row -> names.put(row.getInt(1), row.getString(2)));
        return names;
    }

    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, Row consumer) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setFetchSize(FETCH_ROWS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    consumer.take(row);
                }
            }
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
