package org.caravan.hub.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;

/** A failure in one line. */
final class SqlFailure {
    private static final int MAX_CAUSES = 20;

    private SqlFailure() {}

    /** What says most: an error for people, what the database said, else the deepest cause. */
    static String line(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        Throwable reason = causes.stream()
                .filter(cause -> cause instanceof UserError || cause instanceof SQLException)
                .reduce((first, second) -> second)
                .orElse(causes.get(causes.size() - 1));
        String said = reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
        return said.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }
}
