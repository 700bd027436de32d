package org.caravan.metering;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A product's name with places to fill: {@code {meter}}, {@code {datacenter}} or the name of a metadata field.
 *
 * <p>An absent field leaves its place empty; blanks are then joined, and where nothing remains the meter's name holds.
 */
record ProductTemplate(String text, List<String> parts) {
    /**
     * @throws IllegalArgumentException if a brace is not closed or a place is empty
     */
    static ProductTemplate parse(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int close = text.indexOf('}', at);
            if (open < 0 && close < 0) {
                parts.add(text.substring(at));
                parts.add(null);
                break;
            }
            if (open < 0 || close < open + 2 || text.lastIndexOf('{', close) != open) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no product template: write places as {metadata-field}");
            }
            parts.add(text.substring(at, open));
            parts.add(text.substring(open + 1, close));
            at = close + 1;
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("a product needs a name; leave the key out for the meter's own");
        }
        return new ProductTemplate(text, parts);
    }

    List<String> metadataFields() {
        List<String> fields = new ArrayList<>();
        for (int i = 1; i < parts.size(); i += 2) {
            String place = parts.get(i);
            if (place != null && !place.equals("meter") && !place.equals("datacenter")) {
                fields.add(place);
            }
        }
        return fields;
    }

    String fill(String meter, String datacenter, Map<String, Object> metadata) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < parts.size(); i += 2) {
            name.append(parts.get(i));
            String place = parts.get(i + 1);
            if (place != null) {
                Object value =
                        switch (place) {
                            case "meter" -> meter;
                            case "datacenter" -> datacenter;
                            default -> metadata.get(place);
                        };
                name.append(value == null ? "" : value.toString());
            }
        }
        String filled = name.toString().strip().replaceAll(" {2,}", " ");
        return filled.isEmpty() ? meter : filled;
    }
}
