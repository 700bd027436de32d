package org.caravan.invoice;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.caravan.common.ConfigNode;
import org.caravan.rating.cost.PriceSource;

/** Finds the prices that a connector's ERP keeps, by what its Kamelet declares. */
public final class ConnectorPrices {
    private static final String ANNOTATION = "caravan/prices";

    private ConnectorPrices() {}

    /**
     * The prices of a connector; its ERP is not asked yet.
     *
     * @param connectors directory of the Kamelets
     * @param name the connector's
     * @param said what connectors are told: the value of a key such as {@code camel.kamelet.http-sink.url}, or null
     * @throws org.caravan.common.UserError if there is no such connector, it declares no prices, or is told something unfit
     */
    public static PriceSource of(Path connectors, String name, UnaryOperator<String> said) {
        ConnectorName connector = ConnectorName.of(name);
        ConfigNode kamelet = ConfigNode.read(connectors.resolve(connector.file()), "connector");
        ConfigNode annotations = kamelet.require("metadata").get("annotations");
        ConfigNode prices = annotations == null ? null : annotations.get(ANNOTATION);
        if (prices == null) {
            throw kamelet.error("connector " + name + " keeps no prices: it has no annotation " + ANNOTATION);
        }
        ConnectorSettings settings = new ConnectorSettings(connector, kamelet, said);
        Map<String, String> values = new HashMap<>();
        settings.declared().keySet().forEach(property -> {
            String value = settings.value(property);
            if (value != null) {
                values.put(property, SecretFile.resolved(value));
            }
        });
        return instance(prices).open(values);
    }

    private static PricesElsewhere instance(ConfigNode named) {
        try {
            return Class.forName(named.text())
                    .asSubclass(PricesElsewhere.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw named.error(
                    "'" + named.text() + "' is no class on the class path that tells prices; it must implement "
                            + PricesElsewhere.class.getName() + " and have a constructor without parameters");
        }
    }
}
