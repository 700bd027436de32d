package org.caravan.hub.connector;

import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.camel.spi.LoadablePropertiesSource;
import org.apache.camel.spi.PropertiesSource;

/** What connectors are told, as Camel finds it; replaced as a whole when a connector is applied. */
public final class ConnectorProperties implements LoadablePropertiesSource, PropertiesSource {
    private volatile Map<String, String> told;

    /** @param told by keys such as {@code camel.kamelet.http-sink.url} */
    public ConnectorProperties(Map<String, String> told) {
        this.told = Map.copyOf(told);
    }

    /** From now on this is told. */
    public void tell(Map<String, String> told) {
        this.told = Map.copyOf(told);
    }

    /** What is told now. */
    Map<String, String> told() {
        return told;
    }

    @Override
    public String getName() {
        return "caravan-connectors";
    }

    @Override
    public String getProperty(String name) {
        return told.get(name);
    }

    @Override
    public Properties loadProperties() {
        return loadProperties(name -> true);
    }

    @Override
    public Properties loadProperties(Predicate<String> filter) {
        Properties properties = new Properties();
        told.forEach((name, value) -> {
            if (filter.test(name)) {
                properties.setProperty(name, value);
            }
        });
        return properties;
    }

    @Override
    public void reloadProperties(String location) {}
}
