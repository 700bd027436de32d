package org.caravan.hub.cli;

import java.nio.file.Path;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import picocli.CommandLine.Option;

/** Where a command that bills finds prices and meters, unless the configuration says it. */
final class PricingOptions {
    @Option(names = "--tariff", paramLabel = "FILE", description = "What usage costs (YAML or JSON).")
    private Path tariff;

    @Option(names = "--meters", paramLabel = "FILE", description = "Products, units and identity of the meters.")
    private Path meters;

    HubConfig.Builder into(HubConfig.Builder config) {
        return config.option("--tariff", Settings.TARIFF, tariff).option("--meters", Settings.METERS, meters);
    }
}
