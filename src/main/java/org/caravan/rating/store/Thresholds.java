package org.caravan.rating.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.rating.hashmap.RuleType;

/** Thresholds, one at a time. They have no dates: a change holds for all usage rated from then on. */
public final class Thresholds {
    private static final String SELECT =
            """
            select r.id, r.service, r.field, r.uuid, r.level, r.type, r.cost, s.uuid, f.uuid, g.uuid, r.tenant
              from rule_threshold r
              join rule_service s on s.id = r.service and s.deleted_at is null
              left join rule_field f on f.id = r.field
              left join rule_group g on g.id = r.rule_group and g.deleted_at is null
             where (f.id is null or f.deleted_at is null)""";

    private final DataSource dataSource;
    private final String currency;

    /** @param currency ISO 4217 code of every cost of this ledger */
    public Thresholds(DataSource dataSource, String currency) {
        this.dataSource = dataSource;
        this.currency = currency;
    }

    /**
     * A threshold as it is kept, or as somebody wants it; nulls as in {@link StoredMapping}.
     *
     * @param id null in one that is to be made
     */
    public record Threshold(
            UUID id,
            BigDecimal level,
            RuleType type,
            BigDecimal cost,
            String service,
            String field,
            String group,
            String tenant) {
        private boolean charges(Threshold other) {
            return level.compareTo(other.level) == 0
                    && type == other.type
                    && cost.compareTo(other.cost) == 0
                    && Objects.equals(group, other.group)
                    && Objects.equals(tenant, other.tenant);
        }
    }

    private record Row(long key, int service, Integer field, Threshold threshold) {}

    /**
     * Thresholds in order of creation.
     *
     * @throws RuleRefusal if there are more than {@code most}
     */
    public List<Threshold> list(RuleFilter filter, int most) throws SQLException {
        RuleFilter.Where where = filter.where();
        where.parameters.add(most + 1L);
        return Rows.bounded(
                RuleTransaction.single(
                        dataSource,
                        connection -> Rows.all(
                                connection,
                                SELECT + where.sql + " order by r.id limit ?",
                                row -> read(row).threshold(),
                                where.parameters.toArray())),
                most);
    }

    /** @throws RuleRefusal if there is none of this id */
    public Threshold get(String id) throws SQLException {
        return RuleTransaction.single(
                dataSource, connection -> find(connection, id).threshold());
    }

    /** @throws RuleRefusal if it can't be, or its tenant has one of this level there */
    public Threshold create(Threshold said) throws SQLException {
        RuleParent.checkOne(said.service(), said.field());
        return RuleTransaction.changing(dataSource, connection -> {
            RuleParent parent = RuleParent.of(connection, said.service(), said.field());
            Integer group = RuleParent.group(connection, said.group());
            checkFree(connection, parent.service(), parent.field(), parent.id().toString(), said, -1);
            RuleCurrency.set(connection, currency);
            UUID id = Rows.first(
                    connection,
                    """
                    insert into rule_threshold (service, field, level, type, cost, rule_group, tenant)
                    values (?, ?, ?, ?, ?, ?, ?) returning uuid""",
                    row -> row.getObject(1, UUID.class),
                    parent.service(),
                    parent.field(),
                    said.level(),
                    said.type().word(),
                    said.cost(),
                    group,
                    said.tenant());
            return find(connection, id.toString()).threshold();
        });
    }

    /**
     * Sets level, type, cost, group and tenant; what holds already is no change.
     *
     * @throws RuleRefusal if there is none of this id, no such group, or its tenant has another of this level there
     */
    public void update(String id, Threshold said) throws SQLException {
        // Clients repeat a PUT up to thirty times: what changes nothing needs no lock.
        if (get(id).charges(said)) {
            return;
        }
        RuleTransaction.changing(dataSource, connection -> {
            Row row = find(connection, id);
            if (row.threshold().charges(said)) {
                return null;
            }
            Integer group = RuleParent.group(connection, said.group());
            Threshold held = row.threshold();
            checkFree(
                    connection,
                    row.service(),
                    row.field(),
                    held.field() == null ? held.service() : held.field(),
                    said,
                    row.key());
            return Rows.change(
                    connection,
                    "update rule_threshold set level = ?, type = ?, cost = ?, rule_group = ?, tenant = ? where id = ?",
                    said.level(),
                    said.type().word(),
                    said.cost(),
                    group,
                    said.tenant(),
                    row.key());
        });
    }

    /** @throws RuleRefusal if there is none of this id */
    public void delete(String id) throws SQLException {
        RuleTransaction.changing(dataSource, connection -> {
            Row row = find(connection, id);
            return Rows.change(connection, "delete from rule_threshold where id = ?", row.key());
        });
    }

    /** @throws RuleRefusal if there is no such threshold, or it has no group */
    public Groups.Group group(String id) throws SQLException {
        return RuleTransaction.single(dataSource, connection -> {
            Threshold threshold = find(connection, id).threshold();
            if (threshold.group() == null) {
                throw RuleRefusal.unknown("Threshold has no group (UUID: " + id + ")");
            }
            return Groups.find(connection, threshold.group()).group();
        });
    }

    /** Of thresholds for every tenant the last one of a level counts; a tenant has one of each. */
    private static void checkFree(
            Connection connection, int service, Integer field, String parent, Threshold said, long but)
            throws SQLException {
        if (said.tenant() == null) {
            return;
        }
        Boolean taken = Rows.first(
                connection,
                "select 1 from rule_threshold where service = ? and field is not distinct from ? and level = ?"
                        + " and tenant = ? and id <> ? limit 1",
                row -> true,
                service,
                field,
                said.level(),
                said.tenant(),
                but);
        if (taken != null) {
            throw RuleRefusal.taken("Threshold '" + said.level().toPlainString() + "' already exists for "
                    + (field == null ? "service" : "field") + " '" + parent + "', tenant: 'None'");
        }
    }

    private static Row find(Connection connection, String id) throws SQLException {
        Row row = Rows.first(connection, SELECT + " and r.uuid = ?", Thresholds::read, Rows.uuid(id));
        if (row == null) {
            throw RuleRefusal.unknown("No such threshold: " + id);
        }
        return row;
    }

    private static Row read(ResultSet row) throws SQLException {
        String field = row.getString(9);
        return new Row(
                row.getLong(1),
                row.getInt(2),
                Rows.integer(row, 3),
                new Threshold(
                        row.getObject(4, UUID.class),
                        row.getBigDecimal(5),
                        RuleType.of(row.getString(6)),
                        row.getBigDecimal(7),
                        field == null ? row.getString(8) : null,
                        field,
                        row.getString(10),
                        row.getString(11)));
    }
}
