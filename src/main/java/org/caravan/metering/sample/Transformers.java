package org.caravan.metering.sample;

import java.util.Map;
import java.util.TreeMap;

/** The transformers by the name that a meters file calls them. */
final class Transformers {
    private static final Map<String, Transformer> BY_NAME = new TreeMap<>(Map.of(
            "max", Gauge.MAX,
            "sum", Gauge.SUM,
            "networkservice", Gauge.NETWORKSERVICE,
            "magnum", Gauge.MAGNUM,
            "storagemax", new StorageMax(),
            "fromimage", new FromImage(),
            "uptime", new Uptime()));

    private Transformers() {}

    static String[] names() {
        return BY_NAME.keySet().toArray(String[]::new);
    }

    static Transformer of(String name) {
        return BY_NAME.get(name);
    }
}
