package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The groups within which rules work on one price. */
public final class Groups {
    private static final String SELECT = "select id, uuid, name from rule_group where deleted_at is null";

    private final DataSource dataSource;
    private final Clock clock;

    public Groups(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** A group, by the id that the outside knows. */
    public record Group(UUID id, String name) {}

    /** As {@link Group}, with its key in the tables. */
    record Row(int key, Group group) {}

    /**
     * All groups in order of creation.
     *
     * @throws RuleRefusal if there are more than {@code most}
     */
    public List<Group> list(int most) throws SQLException {
        return Rows.bounded(
                RuleTransaction.single(
                        dataSource,
                        connection -> Rows.all(
                                connection,
                                SELECT + " order by id limit ?",
                                row -> read(row).group(),
                                most + 1L)),
                most);
    }

    /** @throws RuleRefusal if there is none of this id */
    public Group get(String id) throws SQLException {
        return RuleTransaction.single(
                dataSource, connection -> find(connection, id).group());
    }

    /** @throws RuleRefusal if the name is taken */
    public Group create(String name) throws SQLException {
        return RuleTransaction.changing(dataSource, connection -> {
            Row taken = Rows.first(connection, SELECT + " and name = ?", Groups::read, name);
            if (taken != null) {
                throw RuleRefusal.taken("Group " + name + " already exists (UUID: "
                        + taken.group().id() + ")");
            }
            return Rows.first(
                            connection,
                            "insert into rule_group (name) values (?) returning id, uuid, name",
                            Groups::read,
                            name)
                    .group();
        });
    }

    /**
     * Removes a group.
     *
     * @param withRules true: its rules, too, of which the mappings stay for the audit, shown to nobody; false: they stay
     *     without a group
     * @throws RuleRefusal if there is none of this id
     */
    public void delete(String id, boolean withRules, String actor) throws SQLException {
        RuleTransaction.changing(dataSource, connection -> {
            int key = find(connection, id).key();
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            if (withRules) {
                Rows.change(
                        connection,
                        Mappings.HIDE + " where rule_group = ? and not hidden",
                        now,
                        Rows.actor(actor),
                        key);
                Rows.change(connection, "delete from rule_threshold where rule_group = ?", key);
            } else {
                Rows.change(connection, "update rule_mapping set rule_group = null where rule_group = ?", key);
                Rows.change(connection, "update rule_threshold set rule_group = null where rule_group = ?", key);
            }
            return Rows.change(connection, "update rule_group set deleted_at = ? where id = ?", now, key);
        });
    }

    static Row find(Connection connection, String id) throws SQLException {
        Row row = Rows.first(connection, SELECT + " and uuid = ?", Groups::read, Rows.uuid(id));
        if (row == null) {
            throw RuleRefusal.unknown("No such group: None (UUID: " + id + ")");
        }
        return row;
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(row.getInt(1), new Group(row.getObject(2, UUID.class), row.getString(3)));
    }
}
