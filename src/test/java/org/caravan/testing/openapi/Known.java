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
    private static final int LATE = 6;

    private final Map<String, List<String>> values = new HashMap<>();

    /** Adds values of a parameter or attribute. */
    public Known add(String name, String... some) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).addAll(List.of(some));
        return this;
    }

    /** One of this name, or null; rather one that was learned of late, as older ones may be gone. */
    String any(String name, Random random) {
        List<String> some = values.get(name);
        if (some == null) {
            return null;
        }
        int late = Math.min(LATE, some.size());
        return random.nextInt(10) < 7
                ? some.get(some.size() - 1 - random.nextInt(late))
                : some.get(random.nextInt(some.size()));
    }

    /** Takes the ids that an answer names, so that later requests can ask for them. */
    public void learn(JsonNode answer) {
        if (answer.isObject()) {
            answer.properties().forEach(entry -> {
                if (entry.getKey().endsWith("_id") && entry.getValue().isTextual()) {
                    learn(entry.getKey(), entry.getValue().textValue());
                } else {
                    learn(entry.getValue());
                }
            });
        } else if (answer.isArray()) {
            answer.forEach(item -> learn(item));
        }
    }

    private void learn(String name, String value) {
        if (!name.matches("(service|field|group|mapping|threshold)_id")) {
            return;
        }
        List<String> some = values.computeIfAbsent(name, n -> new ArrayList<>());
        some.remove(value);
        if (some.size() == MOST) {
            some.remove(0);
        }
        some.add(value);
    }
}
