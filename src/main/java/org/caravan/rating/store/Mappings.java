package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;

/** Mappings, one at a time; what is in force is never changed but given an end, and what is deleted stays for the audit. */
public final class Mappings {
    /** Takes mappings back that go with their parent; the parameters are when and who. */
    static final String HIDE = "update rule_mapping set deleted_at = coalesce(deleted_at, ?),"
            + " deleted_by = coalesce(deleted_by, ?), hidden = true";

    private static final String SELECT =
            """
            select r.id, r.uuid, r.value, r.type, r.cost, s.uuid, f.uuid, g.uuid, r.tenant, r.created_at, r.start_at,
                   r.end_at, r.name, r.description, r.deleted_at, r.created_by, r.updated_by, r.deleted_by,
                   r.service, r.field, r.rule_group
              from rule_mapping r
              join rule_service s on s.id = r.service
              left join rule_field f on f.id = r.field
              left join rule_group g on g.id = r.rule_group and g.deleted_at is null
             where not r.hidden""";
    /** A group of the default group's name is the default group. */
    private static final String OVERLAP =
            """
            select 1 from rule_mapping r
              left join rule_group g on g.id = r.rule_group and g.deleted_at is null and g.name <> ?
             where r.deleted_at is null and r.service = ? and r.field is not distinct from ?
               and (r.field is null or r.value = ?) and r.tenant is not distinct from ?
               and g.id is not distinct from (select id from rule_group where id = ? and name <> ?)
               and coalesce(r.start_at, '-infinity') < coalesce(?, 'infinity'::timestamptz)
               and ? < coalesce(r.end_at, 'infinity')
               and r.id <> ?
             limit 1""";

    private static final long NEW = -1;

    private final DataSource dataSource;
    private final String currency;
    private final Clock clock;

    /** @param currency ISO 4217 code of every cost of this ledger */
    public Mappings(DataSource dataSource, String currency, Clock clock) {
        this.dataSource = dataSource;
        this.currency = currency;
        this.clock = clock;
    }

    /** A place in the tables: rules of one place may not be in force at once. */
    private record Place(int service, Integer field, Integer group, String value, String tenant) {}

    private record Row(long key, Place place, StoredMapping mapping) {}

    /**
     * Mappings in order of creation.
     *
     * @throws RuleRefusal if there are more than {@code most}
     */
    public List<StoredMapping> list(RuleFilter filter, RuleFilter.Dated dated, int most) throws SQLException {
        RuleFilter.Where where = filter.where()
                .given("r.start_at >= ?", dated.start())
                .given("r.end_at < ?", dated.end())
                .given("r.created_by = ?", dated.createdBy())
                .given("r.updated_by = ?", dated.updatedBy())
                .given("r.deleted_by = ?", dated.deletedBy())
                .given("position(lower(?) in lower(r.description)) > 0", dated.description());
        if (!dated.deleted()) {
            where.and("r.deleted_at is null");
        }
        if (dated.activeAt() != null) {
            where.and("r.deleted_at is null")
                    .and("(r.start_at is null or r.start_at <= ?)", dated.activeAt())
                    .and("(r.end_at is null or r.end_at > ?)", dated.activeAt());
        }
        where.parameters.add(most + 1L);
        return Rows.bounded(
                RuleTransaction.single(
                        dataSource,
                        connection -> Rows.all(
                                connection,
                                SELECT + where.sql + " order by r.id limit ?",
                                row -> read(row).mapping(),
                                where.parameters.toArray())),
                most);
    }

    /** @throws RuleRefusal if there is none of this id; one that was deleted by itself is there */
    public StoredMapping get(String id) throws SQLException {
        return RuleTransaction.single(
                dataSource, connection -> find(connection, id).mapping());
    }

    /**
     * Makes a mapping.
     *
     * @param pastAllowed true if it may begin in the past
     * @throws RuleRefusal if it can't be, or another has its name or its place and time
     */
    public StoredMapping create(SaidMapping said, boolean pastAllowed, String actor) throws SQLException {
        RuleParent.checkOne(said.service(), said.field());
        MappingRules.checkValue(said);
        return RuleTransaction.changing(dataSource, connection -> {
            Instant now = now();
            Instant start = said.start() == null ? now : said.start();
            MappingRules.checkPeriod(start, said.start() != null, said.end(), pastAllowed, now);
            RuleParent parent = RuleParent.of(connection, said.service(), said.field());
            Integer group = RuleParent.group(connection, said.group());
            Place place = new Place(parent.service(), parent.field(), group, said.value(), said.tenant());
            if (isNamed(connection, said.name()) || overlaps(connection, place, start, said.end(), NEW)) {
                throw taken(said.value(), parent.word(), parent.id(), said.tenant());
            }
            RuleCurrency.set(connection, currency);
            UUID id = Rows.first(
                    connection,
                    """
                    insert into rule_mapping (service, field, value, type, cost, rule_group, tenant, start_at, end_at,
                                              name, description, created_at, created_by)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, replace(gen_random_uuid()::text, '-', '')), ?, ?, ?)
                    returning uuid""",
                    row -> row.getObject(1, UUID.class),
                    parent.service(),
                    parent.field(),
                    said.value(),
                    (said.type() == null ? RuleType.FLAT : said.type()).word(),
                    said.cost(),
                    group,
                    said.tenant(),
                    start,
                    said.end(),
                    said.name(),
                    said.description(),
                    now,
                    Rows.actor(actor));
            return find(connection, id.toString()).mapping();
        });
    }

    /**
     * Changes a mapping as far as that may be; what holds already is no change.
     *
     * @throws RuleRefusal if there is none of this id that is not deleted, or it may not be changed so
     */
    public void update(String id, SaidMapping said, String actor) throws SQLException {
        StoredMapping seen = live(RuleTransaction.single(dataSource, connection -> find(connection, id)), id)
                .mapping();
        // Clients repeat a PUT up to thirty times: what changes nothing needs no lock.
        if (MappingRules.update(seen, said, now()) == null) {
            return;
        }
        RuleTransaction.changing(dataSource, connection -> {
            Row row = live(find(connection, id), id);
            MappingRules.Update update = MappingRules.update(row.mapping(), said, now());
            if (update == null) {
                return null;
            }
            if (overlaps(connection, row.place(), update.start(), update.end(), row.key())) {
                StoredMapping held = row.mapping();
                boolean ofField = held.field() != null;
                throw taken(
                        held.value(),
                        ofField ? "field" : "service",
                        ofField ? held.field() : held.service(),
                        held.tenant());
            }
            return Rows.change(
                    connection,
                    "update rule_mapping set cost = ?, start_at = ?, end_at = ?, description = ?, updated_by = ?"
                            + " where id = ?",
                    update.cost(),
                    update.start(),
                    update.end(),
                    update.description(),
                    Rows.actor(actor),
                    row.key());
        });
    }

    /**
     * Takes a mapping back, as if it had never been; it stays for the audit.
     *
     * @throws RuleRefusal if there is none of this id that is not deleted
     */
    public void delete(String id, String actor) throws SQLException {
        RuleTransaction.changing(dataSource, connection -> {
            Row row = live(find(connection, id), id);
            return Rows.change(
                    connection,
                    "update rule_mapping set deleted_at = ?, deleted_by = ? where id = ?",
                    now(),
                    Rows.actor(actor),
                    row.key());
        });
    }

    /** @throws RuleRefusal if there is no such mapping, or it has no group */
    public Groups.Group group(String id) throws SQLException {
        return RuleTransaction.single(dataSource, connection -> {
            StoredMapping mapping = find(connection, id).mapping();
            if (mapping.group() == null) {
                throw RuleRefusal.unknown("Mapping has no group (UUID: " + id + ")");
            }
            return Groups.find(connection, mapping.group().toString()).group();
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static boolean isNamed(Connection connection, String name) throws SQLException {
        return name != null
                && Rows.first(
                                connection,
                                "select 1 from rule_mapping where name = ? and deleted_at is null",
                                row -> true,
                                name)
                        != null;
    }

    /** @param but key of the rule that is asked for */
    private static boolean overlaps(Connection connection, Place place, Instant start, Instant end, long but)
            throws SQLException {
        return Rows.first(
                        connection,
                        OVERLAP,
                        row -> true,
                        RuleSet.DEFAULT_GROUP,
                        place.service(),
                        place.field(),
                        place.value(),
                        place.tenant(),
                        place.group(),
                        RuleSet.DEFAULT_GROUP,
                        end,
                        start,
                        but)
                != null;
    }

    private static RuleRefusal taken(String value, String word, UUID parent, String tenant) {
        return RuleRefusal.taken("Mapping '" + (value == null ? "None" : value) + "' already exists for " + word + " '"
                + parent + "', tenant: '" + (tenant == null ? "None" : tenant) + "'");
    }

    private static Row find(Connection connection, String id) throws SQLException {
        Row row = Rows.first(connection, SELECT + " and r.uuid = ?", Mappings::read, Rows.uuid(id));
        if (row == null) {
            throw unknown(id);
        }
        return row;
    }

    private static Row live(Row row, String id) {
        if (row.mapping().deleted() != null) {
            throw unknown(id);
        }
        return row;
    }

    private static RuleRefusal unknown(String id) {
        return RuleRefusal.unknown("No such mapping: " + id);
    }

    private static Row read(ResultSet row) throws SQLException {
        UUID field = row.getObject(7, UUID.class);
        return new Row(
                row.getLong(1),
                new Place(
                        row.getInt(19),
                        Rows.integer(row, 20),
                        Rows.integer(row, 21),
                        row.getString(3),
                        row.getString(9)),
                new StoredMapping(
                        row.getObject(2, UUID.class),
                        row.getString(3),
                        RuleType.of(row.getString(4)),
                        row.getBigDecimal(5),
                        field == null ? row.getObject(6, UUID.class) : null,
                        field,
                        row.getObject(8, UUID.class),
                        row.getString(9),
                        Rows.instant(row, 10),
                        Rows.instant(row, 11),
                        Rows.instant(row, 12),
                        row.getString(13),
                        row.getString(14),
                        Rows.instant(row, 15),
                        row.getString(16),
                        row.getString(17),
                        row.getString(18)));
    }
}
