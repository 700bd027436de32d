package org.caravan.hub;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.metering.Inbox;

/**
 * What the shipped routes find under {@code {{caravan.route...}}}.
 *
 * <p>These are no settings, on purpose: Camel would prefer an environment variable of the same name to what {@code --set}
 * or an option said.
 */
final class RouteProperties {
    private static final String NOT_IN_URI = "?#%+&{\\";
    private static final String CLOSE = "caravan.route.close";
    private static final String INBOX = "caravan.route.inbox";
    private static final String RERATE = "caravan.route.rerate";

    private RouteProperties() {}

    static Map<String, String> of(HubConfig config, Hub.Mode mode) {
        Map<String, String> properties = new HashMap<>();
        properties.put(CLOSE, Boolean.toString(closesByItself(config, mode)));
        properties.put(
                CLOSE + ".period",
                Long.toString(config.get(Settings.CLOSE_PERIOD).toMillis()));
        properties.put(RERATE, Boolean.toString(mode == Hub.Mode.RUN));
        properties.put(
                RERATE + ".period",
                Long.toString(config.get(Settings.RERATE_PERIOD).toMillis()));
        boolean watched = mode == Hub.Mode.RUN && config.find(Settings.INBOX).isPresent();
        properties.put(INBOX, Boolean.toString(watched));
        if (watched) {
            String mark = mark(config);
            properties.put(INBOX + ".directory", config.get(Settings.INBOX).toString());
            properties.put(INBOX + ".source", config.get(Settings.INBOX_SOURCE));
            properties.put(INBOX + ".readLock", mark == null ? "changed" : "none");
            properties.put(
                    INBOX + ".rest",
                    Long.toString(config.get(Settings.INBOX_REST).toMillis()));
            properties.put(
                    INBOX + ".poll",
                    Long.toString(config.get(Settings.INBOX_POLL).toMillis()));
            properties.put(INBOX + ".maxFiles", Long.toString(config.get(Settings.INBOX_MAX_FILES)));
            if (mark != null) {
                properties.put(INBOX + ".doneFileName", "${file:name}" + mark);
            }
        }
        return properties;
    }

    private static boolean closesByItself(HubConfig config, Hub.Mode mode) {
        return mode == Hub.Mode.RUN
                && config.get(Settings.CLOSE_AUTO).equals("true")
                && config.get(Settings.CLOSE_APPROVAL).equals("auto");
    }

    /** @throws UserError if Camel's file component would not read this directory, or would read another one */
    static void checkDirectory(HubConfig config, Path directory) {
        String path = directory.toString();
        if (path.chars().anyMatch(c -> NOT_IN_URI.indexOf(c) >= 0 || Character.isISOControl(c))
                || directory.getFileName() == null
                || directory.getFileName().toString().startsWith(".")) {
            throw new UserError(config.where(Settings.INBOX.key()) + directory
                    + ": its name must not begin with a dot, and its path must have none of the characters "
                    + String.join(" ", NOT_IN_URI.split("")) + "; choose another directory");
        }
    }

    /** What marks a file as complete, or null where it only has to be at rest. */
    static String mark(HubConfig config) {
        return config.get(Settings.INBOX_TAKE).equals("mark") ? Inbox.MARK : null;
    }
}
