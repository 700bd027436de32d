package org.caravan.hub.connector;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.UserError;

/** Finds where in a file of routes, or of a Kamelet, lies what Camel complains of. */
public final class KameletFault {
    private static final Pattern LINE = Pattern.compile("\\bline (\\d+)(?:, column \\d+)?");
    private static final Pattern UNKNOWN_PROPERTY =
            Pattern.compile("Property with key \\[([^\\]]+)]|property placeholder: (\\S+)");
    private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown parameters=\\[\\{(\\w[\\w.-]*)=");
    private static final Pattern STEP = Pattern.compile(">>> (.*?) <<<", Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("\\{([^{}]+)}|\\[([^\\[\\]]+)]");
    private static final Pattern NAMED = Pattern.compile("(?:language|data ?format|scheme|bean)[^:]*: ?([\\w.-]+)");
    private static final int MAX_CAUSES = 32;

    private KameletFault() {}

    /** An error with file, line and reason; throw it. */
    public static UserError of(Path file, String text, Throwable error) {
        UserError ours = ours(error);
        String reason = reason(error);
        int line = ours == null ? line(text, error) : 0;
        if (ours != null && reason.startsWith(file.toString())) {
            return ours;
        }
        return new UserError(file + (line > 0 ? ":" + line : "") + ": " + reason, error);
    }

    /** What lies at the bottom, in a line. */
    public static String reason(Throwable error) {
        UserError ours = ours(error);
        if (ours != null) {
            return ours.getMessage();
        }
        Throwable root = causes(error).get(causes(error).size() - 1);
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        String missing = missing(message);
        return (missing == null ? message : missing).strip().replaceAll("\\s+", " ");
    }

    /** What is not on the class path, said as such. */
    private static String missing(String message) {
        Matcher language = Pattern.compile("(?i)no language could be found for: ?([\\w-]+)")
                .matcher(message);
        if (language.find()) {
            return "the language '" + language.group(1) + "' is not there; put camel-" + language.group(1)
                    + " into lib/, then start the hub again";
        }
        Matcher format = Pattern.compile("(?i)data format '?([\\w-]+)'? could not be created")
                .matcher(message);
        if (format.find()) {
            return "the data format '" + format.group(1) + "' is not there; put its jar into lib/, then start the hub"
                    + " again";
        }
        return null;
    }

    private static UserError ours(Throwable error) {
        return causes(error).stream()
                .filter(UserError.class::isInstance)
                .map(UserError.class::cast)
                .findFirst()
                .orElse(null);
    }

    private static List<Throwable> causes(Throwable error) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = error; cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** The line, from 1; 0 if it can't be told. */
    private static int line(String text, Throwable error) {
        int line = 0;
        // the deepest cause knows best
        for (Throwable cause : causes(error)) {
            String message = cause.getMessage();
            if (message == null) {
                continue;
            }
            int here = line(text, message);
            line = here > 0 ? here : line;
        }
        return line;
    }

    private static int line(String text, String message) {
        Matcher said = LINE.matcher(message);
        if (said.find()) {
            return Integer.parseInt(said.group(1));
        }
        Matcher property = UNKNOWN_PROPERTY.matcher(message);
        if (property.find()) {
            String key = property.group(1) == null ? property.group(2) : property.group(1);
            return where(text, "{{" + key + "}}");
        }
        Matcher option = UNKNOWN_OPTION.matcher(message);
        if (option.find()) {
            return where(text, option.group(1));
        }
        Matcher named = NAMED.matcher(message);
        if (named.find() && where(text, named.group(1)) > 0) {
            return where(text, named.group(1));
        }
        Matcher step = STEP.matcher(message);
        if (step.find()) {
            int best = 0;
            for (Matcher quoted = QUOTED.matcher(step.group(1)); quoted.find(); ) {
                String piece = quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
                int here = where(text, piece.split(", ")[0].strip());
                best = here > 0 ? here : best;
            }
            return best;
        }
        return 0;
    }

    /** The line of the first place where a text stands, from 1; 0 if it stands nowhere. */
    public static int where(String text, String piece) {
        int at = piece.isEmpty() ? -1 : text.indexOf(piece);
        return at < 0
                ? 0
                : (int) text.substring(0, at).lines().count() + (text.charAt(Math.max(at - 1, 0)) == '\n' ? 1 : 0);
    }
}
