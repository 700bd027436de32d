package org.caravan.hub.connector;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.main.Main;
import org.caravan.common.Json;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;

/** A Camel context as connectors find it in the hub: its settings, and where Kamelets lie. */
public final class ConnectorCamel {
    private ConnectorCamel() {}

    /**
     * One that is not started, without routes.
     *
     * @param told what connectors are told; may change while it runs
     */
    public static Main main(HubConfig config, ConnectorProperties told) {
        Path connectors = config.get(Settings.CONNECTORS);
        Main main = new Main() {
            @Override
            protected CamelContext createCamelContext() {
                CamelContext context = super.createCamelContext();
                // Camel decides before it reads what it is told
                context.setTypeConverterStatisticsEnabled(
                        config.get(Settings.MANAGEMENT).equals("full"));
                return context;
            }
        };
        // The configuration is ours to read; Camel must not find files of its own on the way.
        main.setDefaultPropertyPlaceholderLocation("false");
        main.configure()
                .withName("caravan")
                .withAutoConfigurationLogSummary(false)
                .withJmxEnabled(false)
                .withMessageHistory(false);
        main.configure().setStartupSummaryLevel(StartupSummaryLevel.Off);
        Properties properties = new Properties();
        properties.setProperty("camel.component.kamelet.location", "file:" + connectors + ",classpath:kamelets");
        properties.putAll(http());
        config.camel().forEach((key, value) -> {
            if (!key.startsWith(HubConnectors.PREFIX)) {
                properties.setProperty(key, value);
            }
        });
        main.setInitialProperties(properties);
        main.bind("caravanConnectorProperties", told);
        // every decimal of an answer is read exactly, also by camel-jsonpath, which takes the one mapper that is bound
        main.bind("json", Json.mapper());
        HubConnectors.adapter(config).ifPresent(settings -> main.bind("caravanAdapter", settings));
        return main;
    }

    /**
     * What camel-http is told for the sake of connectors that say nothing of it: it repeats no request by itself, follows no
     * redirect, keeps no cookie, asks for nothing packed, and waits for nothing longer than a delivery's lease allows.
     */
    private static Map<String, String> http() {
        Map<String, String> told = new java.util.HashMap<>();
        for (String scheme : java.util.List.of("http", "https")) {
            String prefix = "camel.component." + scheme + ".";
            told.put(prefix + "automatic-retries-disabled", "true");
            told.put(prefix + "redirect-handling-disabled", "true");
            told.put(prefix + "cookie-management-disabled", "true");
            // no connector needs packed answers, and each way of packing is one more to be attacked by
            told.put(prefix + "content-compression-disabled", "true");
            told.put(prefix + "connection-request-timeout", "10000");
            told.put(prefix + "connect-timeout", "10000");
            told.put(prefix + "response-timeout", "60000");
        }
        return told;
    }
}
