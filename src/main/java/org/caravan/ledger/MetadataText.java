package org.caravan.ledger;

import java.util.Map;

/** Metadata values as the texts that reports group and filter by. */
public final class MetadataText {
    private MetadataText() {}

    /** The text of a field; the empty one where it has none. */
    public static String of(Map<String, Object> metadata, String field) {
        String text = of(metadata.get(field));
        return text == null ? "" : text;
    }

    /** The text of a value, storable: numbers as written, booleans as HashMap rules write them; null if there is none. */
    static String of(Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        return value.toString().replace('\0', '\ufffd');
    }
}
