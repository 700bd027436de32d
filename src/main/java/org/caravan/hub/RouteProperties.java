package org.caravan.hub;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.hub.config.CeilometerOptions;
import org.caravan.hub.config.GnocchiOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.PushOptions;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.config.SqlOptions;
import org.caravan.hub.config.SubscriptionOptions;
import org.caravan.hub.http.ApiServer;
import org.caravan.hub.sql.SqlSettings;
import org.caravan.metering.Inbox;

/**
 * What the shipped routes find under {@code {{caravan.route...}}}.
 *
 * <p>These are no settings, on purpose: Camel would prefer an environment variable of the same name to what {@code --set}
 * or an option said.
 */
final class RouteProperties {
    private static final String NOT_IN_URI = "?#%+&{\\";
    /** Of a session, as Kafka advises. */
    private static final int HEARTBEATS = 3;

    private static final String CLOSE = "caravan.route.close";
    private static final String INBOX = "caravan.route.inbox";
    private static final String RERATE = "caravan.route.rerate";
    private static final String KAFKA = "caravan.route.kafka";
    private static final String CEILOMETER = "caravan.route.ceilometer";
    private static final String PUSH = "caravan.route.push";
    private static final String PROVISION = "caravan.route.provision";
    private static final String SQL = "caravan.route.sql";
    private static final String GNOCCHI = "caravan.route.gnocchi";

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
        properties.put(PROVISION, Boolean.toString(mode == Hub.Mode.RUN && Subscriptions.hasKeystone(config)));
        properties.put(
                PROVISION + ".period",
                Long.toString(config.get(SubscriptionOptions.PERIOD).toMillis()));
        boolean watched = mode == Hub.Mode.RUN && config.find(Settings.INBOX).isPresent();
        properties.put(INBOX, Boolean.toString(watched));
        if (watched) {
            inbox(config, INBOX, Settings.INBOX, config.get(Settings.INBOX_SOURCE), properties);
        }
        properties.put(KAFKA, Boolean.toString(readsKafka(config, mode)));
        if (readsKafka(config, mode)) {
            properties.put(KAFKA + ".format", config.get(Settings.KAFKA_FORMAT));
            kafka(config, KAFKA, Settings.KAFKA_BROKERS, Settings.KAFKA_TOPIC, Settings.KAFKA_GROUP, properties);
        }
        properties.put(PUSH, Boolean.toString(takesPushes(config, mode)));
        properties.put(
                PUSH + ".look", Long.toString(config.get(PushOptions.LOOK).toMillis()));
        properties.put(SQL, Boolean.toString(readsSql(config, mode)));
        if (readsSql(config, mode)) {
            sql(config, properties);
        }
        properties.put(GNOCCHI, Boolean.toString(readsGnocchi(config, mode)));
        properties.put(
                GNOCCHI + ".poll", Long.toString(config.get(GnocchiOptions.POLL).toMillis()));
        ceilometer(config, mode, properties);
        return properties;
    }

    private static void ceilometer(HubConfig config, Hub.Mode mode, Map<String, String> properties) {
        boolean run = mode == Hub.Mode.RUN;
        properties.put(CEILOMETER, Boolean.toString(run && Samples.areRead(config)));
        properties.put(
                CEILOMETER + ".period",
                Long.toString(config.get(CeilometerOptions.PERIOD).toMillis()));
        boolean kafka = run && config.find(CeilometerOptions.BROKERS).isPresent();
        properties.put(CEILOMETER + ".kafka", Boolean.toString(kafka));
        if (kafka) {
            kafka(
                    config,
                    CEILOMETER + ".kafka",
                    CeilometerOptions.BROKERS,
                    CeilometerOptions.TOPIC,
                    CeilometerOptions.GROUP,
                    properties);
        }
        boolean inbox = run && config.find(CeilometerOptions.INBOX).isPresent();
        properties.put(CEILOMETER + ".inbox", Boolean.toString(inbox));
        if (inbox) {
            inbox(config, CEILOMETER + ".inbox", CeilometerOptions.INBOX, Samples.files(config), properties);
        }
    }

    static boolean readsSql(HubConfig config, Hub.Mode mode) {
        return mode == Hub.Mode.RUN && config.find(SqlOptions.URL).isPresent();
    }

    private static void sql(HubConfig config, Map<String, String> properties) {
        SqlSettings settings = SqlTable.settings(config);
        properties.put(SQL + ".poll", Long.toString(config.get(SqlOptions.POLL).toMillis()));
        properties.put(SQL + ".first", settings.query().first());
        properties.put(SQL + ".next", settings.query().next());
        // one more tells whether there is a next page
        properties.put(SQL + ".rows", Integer.toString(settings.pageRows() + 1));
        properties.put(
                SQL + ".timeout", Long.toString(config.get(SqlOptions.TIMEOUT).toSeconds()));
    }

    static boolean takesPushes(HubConfig config, Hub.Mode mode) {
        return mode == Hub.Mode.RUN && config.get(PushOptions.ENABLED).equals("true") && ApiServer.isWanted(config);
    }

    static boolean readsGnocchi(HubConfig config, Hub.Mode mode) {
        return mode == Hub.Mode.RUN && config.find(GnocchiOptions.URL).isPresent();
    }

    static boolean readsKafka(HubConfig config, Hub.Mode mode) {
        return mode == Hub.Mode.RUN && config.find(Settings.KAFKA_BROKERS).isPresent();
    }

    private static void inbox(
            HubConfig config, String route, Setting<Path> directory, String source, Map<String, String> properties) {
        String mark = mark(config);
        properties.put(route + ".directory", config.get(directory).toString());
        properties.put(route + ".source", source);
        properties.put(route + ".readLock", mark == null ? "changed" : "none");
        properties.put(
                route + ".rest", Long.toString(config.get(Settings.INBOX_REST).toMillis()));
        properties.put(
                route + ".poll", Long.toString(config.get(Settings.INBOX_POLL).toMillis()));
        properties.put(route + ".maxFiles", Long.toString(config.get(Settings.INBOX_MAX_FILES)));
        if (mark != null) {
            properties.put(route + ".doneFileName", "${file:name}" + mark);
        }
    }

    private static void kafka(
            HubConfig config,
            String route,
            Setting<String> brokers,
            Setting<String> topic,
            Setting<String> group,
            Map<String, String> properties) {
        long session = config.get(Settings.KAFKA_SESSION).toMillis();
        properties.put(route + ".brokers", config.get(brokers));
        properties.put(route + ".topic", config.get(topic));
        properties.put(route + ".group", config.get(group));
        properties.put(route + ".consumers", Long.toString(config.get(Settings.KAFKA_CONSUMERS)));
        properties.put(route + ".batchRecords", Long.toString(config.get(Settings.KAFKA_BATCH_RECORDS)));
        properties.put(route + ".batchBytes", Long.toString(config.get(Settings.KAFKA_BATCH_BYTES)));
        properties.put(
                route + ".look", Long.toString(config.get(Settings.KAFKA_LOOK).toMillis()));
        properties.put(route + ".session", Long.toString(session));
        properties.put(route + ".heartbeat", Long.toString(session / HEARTBEATS));
    }

    private static boolean closesByItself(HubConfig config, Hub.Mode mode) {
        return mode == Hub.Mode.RUN
                && config.get(Settings.CLOSE_AUTO).equals("true")
                && config.get(Settings.CLOSE_APPROVAL).equals("auto");
    }

    /** @throws UserError if Camel's file component would not read this directory, or would read another one */
    static void checkDirectory(HubConfig config, Setting<Path> setting, Path directory) {
        String path = directory.toString();
        if (path.chars().anyMatch(c -> NOT_IN_URI.indexOf(c) >= 0 || Character.isISOControl(c))
                || directory.getFileName() == null
                || directory.getFileName().toString().startsWith(".")) {
            throw new UserError(config.where(setting.key()) + directory
                    + ": its name must not begin with a dot, and its path must have none of the characters "
                    + String.join(" ", NOT_IN_URI.split("")) + "; choose another directory");
        }
    }

    /** What marks a file as complete, or null where it only has to be at rest. */
    static String mark(HubConfig config) {
        return config.get(Settings.INBOX_TAKE).equals("mark") ? Inbox.MARK : null;
    }
}
