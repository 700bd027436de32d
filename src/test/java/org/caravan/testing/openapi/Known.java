package org.caravan.testing.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values that mean something to the server asked, by the name they go by: without them every request would be a 404. */
public final class Known {
    private static final int MOST = 50;

    private final Map<String, List<String>> values = new HashMap<>();

    /** Adds values of a parameter or attribute. */
    public Known add(String name, String... some) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).addAll(List.of(some));
        return this;
    }

    /** One of this name, or null. */
    String any(String name, Random random) {
        List<String> some = values.get(name);
        return some == null ? null : some.get(random.nextInt(some.size()));
    }

    /** Takes the ids that an answer names, so that later requests can ask for them. */
    public void learn(JsonNode answer, Random random) {
        if (answer.isObject()) {
            answer.properties().forEach(entry -> {
                if (entry.getKey().endsWith("_id") && entry.getValue().isTextual()) {
                    learn(entry.getKey(), entry.getValue().textValue(), random);
                } else {
                    learn(entry.getValue(), random);
                }
            });
        } else if (answer.isArray()) {
            answer.forEach(item -> learn(item, random));
        }
    }

    private void learn(String name, String value, Random random) {
        if (!name.matches("(service|field|group|mapping|threshold)_id")) {
            return;
        }
        List<String> some = values.computeIfAbsent(name, n -> new ArrayList<>());
        if (some.contains(value)) {
            return;
        }
        if (some.size() < MOST) {
            some.add(value);
        } else {
            some.set(random.nextInt(MOST), value);
        }
    }
}
