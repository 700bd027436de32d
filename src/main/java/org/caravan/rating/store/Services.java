package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The services that rules are for; a service is called as its metric. */
public final class Services {
    private static final String SELECT = "select id, uuid, name from rule_service where deleted_at is null";

    private final DataSource dataSource;
    private final Clock clock;

    public Services(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** A service, by the id that the outside knows. */
    public record Service(UUID id, String name) {}

    /** As {@link Service}, with its key in the tables. */
    record Row(int key, Service service) {}

    /**
     * All services in order of creation.
     *
     * @throws RuleRefusal if there are more than {@code most}
     */
    public List<Service> list(int most) throws SQLException {
        return Rows.bounded(
                RuleTransaction.single(
                        dataSource,
                        connection -> Rows.all(
                                connection,
                                SELECT + " order by id limit ?",
                                row -> read(row).service(),
                                most + 1L)),
                most);
    }

    /** @throws RuleRefusal if there is none of this id */
    public Service get(String id) throws SQLException {
        return RuleTransaction.single(
                dataSource, connection -> find(connection, id).service());
    }

    /** @throws RuleRefusal if the name is taken */
    public Service create(String name) throws SQLException {
        return RuleTransaction.changing(dataSource, connection -> {
            Row taken = Rows.first(connection, SELECT + " and name = ?", Services::read, name);
            if (taken != null) {
                throw RuleRefusal.taken("Service " + name + " already exists (UUID: "
                        + taken.service().id() + ")");
            }
            return Rows.first(
                            connection,
                            "insert into rule_service (name) values (?) returning id, uuid, name",
                            Services::read,
                            name)
                    .service();
        });
    }

    /**
     * Removes a service with its fields and all their rules. Its mappings stay for the audit, shown to nobody.
     *
     * @throws RuleRefusal if there is none of this id
     */
    public void delete(String id, String actor) throws SQLException {
        RuleTransaction.changing(dataSource, connection -> {
            int key = find(connection, id).key();
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Rows.change(connection, Mappings.HIDE + " where service = ? and not hidden", now, Rows.actor(actor), key);
            Rows.change(connection, "delete from rule_threshold where service = ?", key);
            Rows.change(
                    connection,
                    "update rule_field set deleted_at = ? where service = ? and deleted_at is null",
                    now,
                    key);
            return Rows.change(connection, "update rule_service set deleted_at = ? where id = ?", now, key);
        });
    }

    static Row find(Connection connection, String id) throws SQLException {
        Row row = Rows.first(connection, SELECT + " and uuid = ?", Services::read, Rows.uuid(id));
        if (row == null) {
            throw RuleRefusal.unknown("No such service: None (UUID: " + id + ")");
        }
        return row;
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(row.getInt(1), new Service(row.getObject(2, UUID.class), row.getString(3)));
    }
}
