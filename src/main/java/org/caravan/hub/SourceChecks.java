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
        KafkaTopic.check(config);
        SqlTable.check(config);
        SourceChecks all = new SourceChecks();
        config.find(Settings.INBOX)
                .ifPresent(inbox -> all.checks.add(new InboxCheck(
                        config.get(Settings.INBOX_SOURCE),
                        inbox,
                        ComponentSettings.metering(config),
                        BillInput.meters(config),
                        clock)));
        if (config.find(Settings.KAFKA_BROKERS).isPresent()) {
            all.checks.add(new KafkaCheck(KafkaTopic.settings(config), consumer(config)));
        }
        if (config.find(SqlOptions.URL).isPresent()) {
            Duration timeout = config.get(SqlOptions.TIMEOUT);
            all.database = SqlTable.open(config, timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE);
            all.checks.add(new SqlCheck(
                    SqlTable.settings(config),
                    all.database,
                    Math.toIntExact(config.get(SqlOptions.TIMEOUT).toSeconds()),
                    ComponentSettings.metering(config),
                    BillInput.meters(config),
                    clock));
        }
        if (config.find(GnocchiOptions.URL).isPresent()) {
            MeterCatalog meters = BillInput.meters(config);
            GnocchiMetrics.check(config, meters);
            all.checks.add(GnocchiMetrics.trial(config, meters, clock));
        }
        if (ledger != null && RouteProperties.takesPushes(config, Hub.Mode.RUN)) {
            all.pushes(config, ledger, clock);
        }
        return all;
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
