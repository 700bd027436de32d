package org.caravan.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.caravan.common.UserError;

/**
 * The mark of a database that holds half a ledger: a table that stands there before anything else is made and falls with
 * the last transaction of the restore. A hub that took half a ledger for a whole one would bill from number 1 again.
 */
public final class UnfinishedRestore {
    /** Name of the table that is the mark. */
    public static final String TABLE = "restore_unfinished";

    private UnfinishedRestore() {}

    /** True if a restore began in this database and has not ended. */
    public static boolean isMarked(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select exists (select from pg_class where relname = '" + TABLE
                        + "' and relnamespace = (select oid from pg_namespace where nspname = current_schema()))")) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger can't be looked at: " + e.getMessage(), e);
        }
    }

    /** @throws UserError if a restore began in this database and has not ended */
    public static void refuse(DataSource dataSource) {
        if (isMarked(dataSource)) {
            throw new UserError(
                    1, "this ledger is only half restored: run caravan restore again, with the same FILE", null);
        }
    }
}
