package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The rating modules of a ledger, which all its hubs rate by with their next batch. */
public final class Modules {
    /** Prices by the rules in the tables. */
    public static final String HASHMAP = "hashmap";
    /** Prices nothing. */
    public static final String NOOP = "noop";
    /** Listed because clients know it; this hub runs no scripts. */
    public static final String PYSCRIPTS = "pyscripts";

    private static final String SELECT = "select name, enabled, priority from rating_module";

    private final DataSource dataSource;

    public Modules(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A rating module.
     *
     * @param priority of those switched on the highest comes first
     */
    public record Module(String name, boolean enabled, int priority) {}

    /** All modules, in order of name. */
    public List<Module> list() throws SQLException {
        return RuleTransaction.single(
                dataSource, connection -> Rows.all(connection, SELECT + " order by name", Modules::module));
    }

    /** A module, or null. */
    public Module find(String name) throws SQLException {
        // the database refuses to compare with a text that it can't hold
        if (!List.of(HASHMAP, NOOP, PYSCRIPTS).contains(name)) {
            return null;
        }
        return RuleTransaction.single(dataSource, connection -> find(connection, name));
    }

    /**
     * Changes a module; what it is already is no change.
     *
     * @param enabled null = as it is
     * @param priority null = as it is
     * @return the module as it is now; null if there is none of this name
     * @throws RuleRefusal if it can't be switched on
     */
    public Module change(String name, Boolean enabled, Integer priority) throws SQLException {
        Module now = find(name);
        if (now == null || isSame(now, enabled, priority)) {
            return now;
        }
        if (PYSCRIPTS.equals(name) && Boolean.TRUE.equals(enabled)) {
            throw RuleRefusal.wrong(
                    "pyscripts can't be enabled: this hub runs no scripts; price by hashmap rules instead.");
        }
        return RuleTransaction.changing(dataSource, connection -> {
            Module held = find(connection, name);
            Module wanted = new Module(
                    name, enabled == null ? held.enabled() : enabled, priority == null ? held.priority() : priority);
            if (!wanted.equals(held)) {
                Rows.change(
                        connection,
                        "update rating_module set enabled = ?, priority = ? where name = ?",
                        wanted.enabled(),
                        wanted.priority(),
                        name);
            }
            return wanted;
        });
    }

    static boolean isOn(Connection connection, String name) throws SQLException {
        return find(connection, name).enabled();
    }

    private static boolean isSame(Module now, Boolean enabled, Integer priority) {
        return (enabled == null || enabled == now.enabled()) && (priority == null || priority == now.priority());
    }

    private static Module find(Connection connection, String name) throws SQLException {
        return Rows.first(connection, SELECT + " where name = ?", Modules::module, name);
    }

    private static Module module(java.sql.ResultSet row) throws SQLException {
        return new Module(row.getString(1), row.getBoolean(2), row.getInt(3));
    }
}
