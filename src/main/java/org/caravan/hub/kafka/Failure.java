package org.caravan.hub.kafka;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;

/** What went wrong, within the exceptions that Camel and Kafka wrap around it, as one line for people. */
final class Failure {
    private static final int MAX_CAUSES = 32;
    private static final int MAX_LENGTH = 1_000;

    private Failure() {}

    static String line(Throwable e) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = e; cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        Throwable reason = causes.stream()
                .filter(cause -> cause instanceof UserError || cause instanceof SQLException)
                .findFirst()
                .orElse(causes.get(causes.size() - 1));
        String message = reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
        String line = message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
    }
}
