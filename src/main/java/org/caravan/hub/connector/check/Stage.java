package org.caravan.hub.connector.check;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.main.Main;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.ConnectorCamel;
import org.caravan.hub.connector.ConnectorProperties;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.TrialOutbox;

/** A throwaway Camel context with the hub's own route of deliveries and one connector, told what a trial wants. */
final class Stage implements AutoCloseable {
    private final Main main;
    private final ConnectorProperties told;
    private final Map<String, String> said;
    private TrialOutbox outbox;

    /** Starts it; the connector is not made before its first call. */
    Stage(HubConfig config, DataSource ledger, Duration lease, Clock clock) {
        said = HubConnectors.said(config);
        told = new ConnectorProperties(said);
        main = ConnectorCamel.main(config, told);
        String component = "camel.component.caravan-invoice.";
        main.configure()
                .withName("caravan-connector-test")
                .withShutdownTimeout(5)
                .withRoutesIncludePattern("file:" + config.get(Settings.ROUTES).resolve("deliver.camel.yaml"));
        main.addInitialProperty(
                component + "connector-locations", "file:" + config.get(Settings.CONNECTORS) + ",classpath:connectors");
        main.addInitialProperty(component + "connector-targets", "," + String.join(",", HubConnectors.targets(config)));
        main.bind("dataSource", ledger);
        main.bind("clock", clock);
        main.bind("deliverySettings", TrialOutbox.settings(lease));
        try {
            main.start();
        } catch (RuntimeException e) {
            main.stop();
            throw e;
        }
    }

    /** A value with Camel's placeholders replaced. */
    String resolve(String value) {
        return main.getCamelContext().resolvePropertyPlaceholders(value);
    }

    /** Tells the connector what it is told, before its first call. */
    TrialOutbox open(String connector, Told.Over over) {
        Map<String, String> all = new LinkedHashMap<>(said);
        all.putAll(over.said());
        told.tell(all);
        if (over.adapter() != null) {
            main.getCamelContext().getRegistry().unbind("caravanAdapter");
            main.getCamelContext().getRegistry().bind("caravanAdapter", over.adapter());
        }
        try {
            outbox = TrialOutbox.open(main.getCamelContext(), connector);
            return outbox;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new UserError(1, "connector " + connector + " can't be tested: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (outbox != null) {
            outbox.close();
        }
        main.stop();
    }
}
