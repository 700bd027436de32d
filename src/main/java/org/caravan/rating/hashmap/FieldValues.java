package org.caravan.rating.hashmap;

import java.math.BigInteger;
import java.util.Map;
import org.caravan.metering.JsonFloat;
import org.caravan.metering.UsageKey;

/** The values of a point that the fields of rules are compared with: metadata, overlaid by what it is grouped by. */
interface FieldValues {
    /** Stands for a field that the point does not have; null is a value of its own. */
    Object ABSENT = new Object();

    /** The value of a field, {@link #ABSENT} if there is none. */
    Object get(String field);

    /** Values of a point given as maps; groupby wins. */
    static FieldValues of(Map<String, ?> metadata, Map<String, ?> groupby) {
        return field -> groupby.containsKey(field)
                ? groupby.get(field)
                : metadata.containsKey(field) ? metadata.get(field) : ABSENT;
    }

    /** Values of a usage record, which is grouped by tenant, datacenter and resource. */
    static FieldValues of(UsageKey key) {
        return field -> {
            String grouped =
                    switch (field) {
                        case "tenant" -> key.tenant();
                        case "datacenter" -> key.datacenter();
                        case "resource" -> key.resource();
                        default -> null;
                    };
            if (grouped != null && !grouped.isEmpty()) {
                return grouped;
            }
            Map<String, Object> metadata = key.metadata();
            return metadata.containsKey(field) ? metadata.get(field) : ABSENT;
        };
    }

    /** The text that a mapping's value is compared with: Python's {@code str(value)}. */
    static String text(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof JsonFloat binary) {
            return FloatMeaning.text(binary);
        }
        if (value instanceof String || value instanceof BigInteger) {
            return value.toString();
        }
        throw new IllegalArgumentException("metadata of " + value.getClass());
    }
}
