package org.caravan.hub.inbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;

/** What went wrong, within the exceptions that a route wraps around it, as one line for people. */
public final class Reason {
    private static final int MAX_CAUSES = 32;

    private Reason() {}

    /** The exception that says most: an error for people, what the database said, else the deepest one. */
    public static Throwable of(Throwable e) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = e; cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes.stream()
                .filter(cause -> cause instanceof UserError || cause instanceof SQLException)
                .findFirst()
                .orElse(causes.get(causes.size() - 1));
    }

    public static String line(Throwable e) {
        Throwable reason = of(e);
        String message = reason.getMessage();
        if (message == null) {
            return reason.getClass().getSimpleName();
        }
        // The message of a file system's exception is the file alone.
        return line(reason instanceof IOException ? reason.getClass().getSimpleName() + ": " + message : message);
    }

    public static String line(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }
}
