package org.caravan.hub;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;
import org.caravan.api.auth.ApiKeys;
import org.caravan.hub.config.GnocchiOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.PushOptions;
import org.caravan.hub.config.Settings;
import org.caravan.hub.config.SqlOptions;
import org.caravan.hub.http.ApiServer;
import org.caravan.hub.inbox.InboxCheck;
import org.caravan.hub.kafka.KafkaCheck;
import org.caravan.hub.push.PushCheck;
import org.caravan.hub.push.PushSource;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.sql.SqlCheck;
import org.caravan.ledger.PushAnswers;
import org.caravan.ledger.Sources;
import org.caravan.metering.MeterCatalog;

/** The configured sources as they can be tried; a new kind is added here. */
public final class SourceChecks implements AutoCloseable {
    /** Longest wait for a connection: a person waits for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<SourceCheck> checks = new ArrayList<>();
    private HikariDataSource database;

    private SourceChecks() {}

    /**
     * Finds the sources that the configuration names, and those that the ledger knows as pushed to.
     *
     * @param ledger null where there is none yet
     * @throws org.caravan.common.UserError if the configuration is wrong
     */
    public static SourceChecks of(HubConfig config, DataSource ledger, Clock clock) throws Exception {
        SourceChecks all = new SourceChecks();
        try {
            for (Kind kind : Kind.values()) {
                all.add(kind, config, ledger, clock);
            }
            return all;
        } catch (Exception | Error e) {
            all.close();
            throw e;
        }
    }

    /** None yet. */
    static SourceChecks none() {
        return new SourceChecks();
    }

    /** What usage can come by. */
    enum Kind {
        INBOX("caravan.inbox"),
        KAFKA("caravan.kafka"),
        SQL("caravan.sql"),
        GNOCCHI("caravan.gnocchi"),
        SAMPLES("caravan.ceilometer"),
        PUSH("caravan.push");

        final String settings;

        Kind(String settings) {
            this.settings = settings;
        }
    }

    /**
     * Adds the sources of one kind, if the configuration names any.
     *
     * @throws org.caravan.common.UserError if they are configured wrong
     */
    void add(Kind kind, HubConfig config, DataSource ledger, Clock clock) throws Exception {
        switch (kind) {
            case INBOX ->
                config.find(Settings.INBOX)
                        .ifPresent(inbox -> checks.add(new InboxCheck(
                                config.get(Settings.INBOX_SOURCE),
                                inbox,
                                ComponentSettings.metering(config),
                                BillInput.meters(config),
                                clock)));
            case KAFKA -> {
                KafkaTopic.check(config);
                if (config.find(Settings.KAFKA_BROKERS).isPresent()) {
                    checks.add(new KafkaCheck(KafkaTopic.settings(config), consumer(config)));
                }
            }
            case SQL -> {
                SqlTable.check(config);
                if (config.find(SqlOptions.URL).isPresent()) {
                    table(config, clock);
                }
            }
            case GNOCCHI -> {
                if (config.find(GnocchiOptions.URL).isPresent()) {
                    MeterCatalog meters = BillInput.meters(config);
                    GnocchiMetrics.check(config, meters);
                    checks.add(GnocchiMetrics.trial(config, meters, clock));
                }
            }
            case SAMPLES -> {
                if (Samples.areRead(config)) {
                    boolean known = config.find(Settings.KAFKA_BROKERS).isPresent();
                    checks.add(Samples.trial(config, known ? consumer(config) : new Properties(), clock));
                }
            }
            case PUSH -> {
                if (ledger != null && RouteProperties.takesPushes(config, Hub.Mode.RUN)) {
                    pushes(config, ledger, clock);
                }
            }
        }
    }

    private void table(HubConfig config, Clock clock) {
        Duration timeout = config.get(SqlOptions.TIMEOUT);
        database = SqlTable.open(config, timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE);
        checks.add(new SqlCheck(
                SqlTable.settings(config),
                database,
                Math.toIntExact(config.get(SqlOptions.TIMEOUT).toSeconds()),
                ComponentSettings.metering(config),
                BillInput.meters(config),
                clock));
    }

    private void pushes(HubConfig config, DataSource ledger, Clock clock) throws SQLException {
        for (Sources.Source source : new Sources(ledger, clock).list()) {
            if (source.kind().equals(PushSource.KIND) && source.configured()) {
                checks.add(new PushCheck(
                        source.name(),
                        ApiServer.url(config),
                        new ApiKeys(ledger, clock),
                        new PushAnswers(ledger, config.get(PushOptions.ANSWERS), clock)));
            }
        }
    }

    /** What the route's consumers are told: what camel-kafka makes of its settings. */
    private static Properties consumer(HubConfig config) throws Exception {
        KafkaConfiguration kafka = new KafkaConfiguration();
        Map<String, Object> said = new HashMap<>();
        String prefix = "camel.component.kafka.";
        config.camel().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                said.put(key.substring(prefix.length()), value);
            }
        });
        try (DefaultCamelContext context = new DefaultCamelContext(false)) {
            PropertyBindingSupport.build()
                    .withCamelContext(context)
                    .withTarget(kafka)
                    .withProperties(said)
                    .withIgnoreCase(true)
                    .withRemoveParameters(false)
                    .bind();
        }
        kafka.setBrokers(config.get(Settings.KAFKA_BROKERS));
        kafka.setGroupId(config.get(Settings.KAFKA_GROUP));
        Properties properties = kafka.createConsumerProperties();
        properties.put("bootstrap.servers", kafka.getBrokers());
        return properties;
    }

    /** In the order of the documentation. */
    public List<SourceCheck> all() {
        return List.copyOf(checks);
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
