package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How the rules of a ledger stand.
 *
 * @param hashmap false if the rating module that prices by them is switched off
 * @param version grows with each change of them
 */
public record RulesStatus(boolean hashmap, long version) {
    /** Looks once. */
    public static RulesStatus read(Connection connection) throws SQLException {
        Boolean on = Rows.first(
                connection,
                "select enabled from rating_module where name = ?",
                row -> row.getBoolean(1),
                Modules.HASHMAP);
        return new RulesStatus(on == null || on, RuleStore.version(connection));
    }
}
