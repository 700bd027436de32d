package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The fields of services: whatever usage is grouped by, or has in its metadata. */
public final class Fields {
    private static final String SELECT =
            """
            select f.id, f.service, f.uuid, f.name, s.uuid from rule_field f
              join rule_service s on s.id = f.service and s.deleted_at is null
             where f.deleted_at is null""";

    private final DataSource dataSource;
    private final Clock clock;

    public Fields(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** A field, by the ids that the outside knows. */
    public record Field(UUID id, String name, UUID service) {}

    /** As {@link Field}, with its keys in the tables. */
    record Row(int key, int service, Field field) {}

    /**
     * The fields of a service in their order; none if there is no such service.
     *
     * @throws RuleRefusal if there are more than {@code most}
     */
    public List<Field> list(String service, int most) throws SQLException {
        return Rows.bounded(
                RuleTransaction.single(
                        dataSource,
                        connection -> Rows.all(
                                connection,
                                SELECT + " and s.uuid = ? order by f.place limit ?",
                                row -> read(row).field(),
                                Rows.uuid(service),
                                most + 1L)),
                most);
    }

    /** @throws RuleRefusal if there is none of this id */
    public Field get(String id) throws SQLException {
        return RuleTransaction.single(
                dataSource, connection -> find(connection, id).field());
    }

    /** @throws RuleRefusal if there is no such service, or it has a field of this name */
    public Field create(String name, String service) throws SQLException {
        return RuleTransaction.changing(dataSource, connection -> {
            int key = reference(connection, service);
            Row taken = Rows.first(connection, SELECT + " and f.service = ? and f.name = ?", Fields::read, key, name);
            if (taken != null) {
                throw RuleRefusal.taken("Field " + name + " already exists (UUID: "
                        + taken.field().id() + ")");
            }
            UUID id = Rows.first(
                    connection,
                    "insert into rule_field (service, name) values (?, ?) returning uuid",
                    row -> row.getObject(1, UUID.class),
                    key,
                    name);
            return find(connection, id.toString()).field();
        });
    }

    /**
     * Removes a field with all its rules. Its mappings stay for the audit, shown to nobody.
     *
     * @throws RuleRefusal if there is none of this id
     */
    public void delete(String id, String actor) throws SQLException {
        RuleTransaction.changing(dataSource, connection -> {
            int key = find(connection, id).key();
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Rows.change(connection, Mappings.HIDE + " where field = ? and not hidden", now, Rows.actor(actor), key);
            Rows.change(connection, "delete from rule_threshold where field = ?", key);
            return Rows.change(connection, "update rule_field set deleted_at = ? where id = ?", now, key);
        });
    }

    static Row find(Connection connection, String id) throws SQLException {
        Row row = Rows.first(connection, SELECT + " and f.uuid = ?", Fields::read, Rows.uuid(id));
        if (row == null) {
            throw RuleRefusal.unknown("No such field: " + id);
        }
        return row;
    }

    private static int reference(Connection connection, String service) throws SQLException {
        try {
            return Services.find(connection, service).key();
        } catch (RuleRefusal e) {
            throw e.ofReference();
        }
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getInt(1),
                row.getInt(2),
                new Field(row.getObject(3, UUID.class), row.getString(4), row.getObject(5, UUID.class)));
    }
}
