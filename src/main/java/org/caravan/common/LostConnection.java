package org.caravan.common;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Tells whether a database is gone from what else may go wrong with it. */
public final class LostConnection {
    private static final int MAX_CAUSES = 32;

    private LostConnection() {}

    /** True where the server is gone or ended the session, or no connection to it is to be had. */
    public static boolean is(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientConnectionException
                || state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    /** True if an exception of some framework comes from one. */
    public static boolean isCauseOf(Throwable e) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
            if (cause instanceof SQLException sql && is(sql)) {
                return true;
            }
        }
        return false;
    }
}
