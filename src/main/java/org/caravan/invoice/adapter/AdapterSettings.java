package org.caravan.invoice.adapter;

import java.util.Map;

/**
 * Which adapter is used, and what it is told.
 *
 * @param object class, bean or factory name; also in the old form {@code module:Class}
 * @param config passed unchanged
 */
public record AdapterSettings(String object, Map<String, String> config) {
    public AdapterSettings {
        object = object.strip().replace(':', '.');
        config = Map.copyOf(config);
    }
}
