package org.caravan.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.caravan.api.samples.SampleIntake;
import org.caravan.common.UserError;
import org.caravan.hub.config.CeilometerOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.inbox.InboxSource;
import org.caravan.hub.samples.CeilometerCheck;
import org.caravan.hub.samples.SampleCheck;
import org.caravan.hub.samples.SampleMetrics;
import org.caravan.hub.samples.SampleSource;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.SampleSettings;
import org.caravan.ledger.SampleStatus;
import org.caravan.ledger.SampleStore;
import org.caravan.ledger.SampleWindows;
import org.caravan.ledger.Sources;
import org.caravan.metering.Inbox;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.sample.CaravanCeilometerDataFormat;
import org.caravan.metering.sample.SampleReader;
import org.caravan.metering.sample.SampleRules;

/** Samples of Ceilometer as the configuration names them, as a part of a running hub. */
final class Samples implements AutoCloseable {
    private final SampleSource source;
    private final KafkaTopic topic;
    private final SampleIntake intake;

    private Samples(SampleSource source, KafkaTopic topic, SampleIntake intake) {
        this.source = source;
        this.topic = topic;
        this.intake = intake;
    }

    /** True if samples come by anything. */
    static boolean areRead(HubConfig config) {
        return !inputs(config).isEmpty();
    }

    /** @throws UserError if what is configured can't be used, before anything is begun */
    static void check(HubConfig config, MeterCatalog meters) {
        KafkaTopic.checkPair(config, CeilometerOptions.BROKERS, CeilometerOptions.TOPIC);
        rules(config);
        for (Setting<String> other : List.of(Settings.INBOX_SOURCE, Settings.KAFKA_SOURCE, Settings.SOURCE)) {
            if (areRead(config) && settings(config).names().contains(config.get(other))) {
                throw new UserError(config.where(CeilometerOptions.SOURCE.key()) + config.get(CeilometerOptions.SOURCE)
                        + ": a source of samples is then called " + config.get(other) + ", as " + other.key()
                        + " is; each source needs a name of its own");
            }
        }
        if (areRead(config) && meters.samplePaths().isEmpty()) {
            throw new UserError(config.where(Settings.METERS.key()) + config.get(Settings.METERS)
                    + ": no meter has a transformer, so no usage would be made of samples;"
                    + " examples/ceilometer.yaml shows how");
        }
    }

    static SampleRules rules(HubConfig config) {
        return SampleRules.of(
                config.get(CeilometerOptions.REALM),
                config.find(CeilometerOptions.DATACENTER).orElse(""),
                config.get(CeilometerOptions.TRUST),
                config.find(CeilometerOptions.INCLUDE).orElse(null),
                config.find(CeilometerOptions.IGNORE).orElse(null),
                secret(config));
    }

    private static String secret(HubConfig config) {
        return config.find(CeilometerOptions.SECRET)
                .or(() -> config.find(CeilometerOptions.SECRET_FILE).map(file -> {
                    try {
                        return Files.readString(file).strip();
                    } catch (IOException e) {
                        throw new UserError(
                                config.where(CeilometerOptions.SECRET_FILE.key()) + file + " can't be read", e);
                    }
                }))
                .orElse(null);
    }

    static SampleSettings settings(HubConfig config) {
        return new SampleSettings(
                config.get(CeilometerOptions.SOURCE),
                inputs(config),
                config.find(CeilometerOptions.INBOX).isPresent() ? files(config) : null,
                config.find(CeilometerOptions.BROKERS).isPresent() ? kafka(config) : null,
                config.get(CeilometerOptions.LATENESS),
                config.integer(CeilometerOptions.TENANTS),
                config.get(CeilometerOptions.RETENTION));
    }

    static SampleWindows windows(HubConfig config, DataSource ledger, MeterCatalog meters, Clock clock) {
        return new SampleWindows(
                ledger, settings(config), rules(config), meters, ComponentSettings.metering(config), clock);
    }

    private static List<String> inputs(HubConfig config) {
        List<String> inputs = new ArrayList<>();
        if (config.find(CeilometerOptions.BROKERS).isPresent()) {
            inputs.add(kafka(config));
        }
        if (config.find(CeilometerOptions.INBOX).isPresent()) {
            inputs.add(files(config));
        }
        if (isPushed(config)) {
            inputs.add(push(config));
        }
        return inputs;
    }

    static String kafka(HubConfig config) {
        return config.get(CeilometerOptions.SOURCE) + "-kafka";
    }

    static String files(HubConfig config) {
        return config.get(CeilometerOptions.SOURCE) + "-files";
    }

    private static String push(HubConfig config) {
        return config.get(CeilometerOptions.SOURCE) + "-push";
    }

    private static boolean isPushed(HubConfig config) {
        return config.get(CeilometerOptions.PUSH).equals("true");
    }

    /** The inbox of samples that the configuration names, or null. */
    static Inbox inbox(HubConfig config) {
        Path directory = config.find(CeilometerOptions.INBOX).orElse(null);
        if (directory == null) {
            return null;
        }
        for (Setting<Path> other : List.of(Settings.DATA, Settings.OUT, Settings.INBOX)) {
            if (config.find(other).filter(path -> Run.isSame(path, directory)).isPresent()) {
                throw new UserError(config.where(CeilometerOptions.INBOX.key()) + directory + " is " + other.key()
                        + ", too; samples need a directory of their own");
            }
        }
        RouteProperties.checkDirectory(config, CeilometerOptions.INBOX, directory);
        return Inbox.open(directory, RouteProperties.mark(config));
    }

    /**
     * Makes the sources known to the ledger and puts the routes' beans among the others.
     *
     * @param inbox as {@link #inbox} opened it
     * @return null where no samples are read
     */
    static Samples prepare(
            HubConfig config,
            DataSource ledger,
            Inbox inbox,
            MeterCatalog meters,
            Map<String, Object> beans,
            Clock clock)
            throws SQLException {
        if (!areRead(config)) {
            return null;
        }
        SampleRules rules = rules(config);
        MeteringSettings metering = ComponentSettings.metering(config);
        SampleStore store = new SampleStore(
                ledger,
                ComponentSettings.ledger(config),
                rules.realm(),
                config.get(CeilometerOptions.MAX_SAMPLES),
                clock);
        Sources sources = new Sources(ledger, clock);
        SampleSource source = new SampleSource(
                settings(config),
                windows(config, ledger, meters, clock),
                store,
                sources,
                new PushedPositions(ledger),
                new SampleStatus.Reader(ledger),
                inbox,
                isPushed(config) ? push(config) : null,
                config.get(Settings.CLOSE_GRACE),
                clock);
        source.configure();
        beans.put("sampleRules", rules);
        beans.put("sampleStore", store);
        beans.put("ceilometer", source);
        CaravanCeilometerDataFormat format = new CaravanCeilometerDataFormat();
        format.setMaxLineBytes(config.integer(CeilometerOptions.MAX_MESSAGE));
        beans.put("ceilometerFormat", format);
        if (inbox != null) {
            InboxSource files = new InboxSource(
                    files(config),
                    inbox,
                    sources,
                    config.get(Settings.CLOSE_GRACE),
                    config.get(Settings.INBOX_RETRY),
                    clock);
            files.configure();
            beans.put("ceilometerInbox", files);
        }
        KafkaTopic topic = config.find(CeilometerOptions.BROKERS).isPresent()
                ? KafkaTopic.prepareSamples(config, ledger, beans, clock)
                : null;
        SampleIntake intake = isPushed(config)
                ? new SampleIntake(store, new SampleReader(rules, metering, meters, clock), push(config))
                : null;
        return new Samples(source, topic, intake);
    }

    /**
     * What samples come by, as it can be tried.
     *
     * @param client settings of Kafka's clients beside the brokers
     */
    static SampleCheck trial(HubConfig config, Properties client, Clock clock) {
        MeterCatalog meters = BillInput.meters(config);
        MeteringSettings metering = ComponentSettings.metering(config);
        CeilometerCheck check =
                new CeilometerCheck(meters, metering, new SampleReader(rules(config), metering, meters, clock));
        return new SampleCheck(config.get(CeilometerOptions.SOURCE), () -> {
            List<CeilometerCheck.Found> found = new ArrayList<>(check.meters());
            config.find(CeilometerOptions.INBOX).ifPresent(inbox -> found.addAll(check.inbox(inbox)));
            config.find(CeilometerOptions.BROKERS)
                    .ifPresent(
                            brokers -> found.addAll(check.topic(brokers, config.get(CeilometerOptions.TOPIC), client)));
            return found;
        });
    }

    /** What takes pushed samples in, or null. */
    SampleIntake intake() {
        return intake;
    }

    /** Begins to look at the topic, where there is one; closed before the hub is. */
    AutoCloseable watch(CamelContext context) {
        SampleMetrics.bind(context, source);
        return topic == null ? () -> {} : topic.watch();
    }

    /** Closed after the hub is. */
    @Override
    public void close() {
        if (topic != null) {
            topic.close();
        }
    }
}
