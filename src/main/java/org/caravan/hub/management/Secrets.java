package org.caravan.hub.management;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Takes the configuration's secrets out of texts that others wrote, such as an ERP's error message. */
public final class Secrets {
    /** A shorter one would be found in every word. */
    private static final int LEAST = 4;

    private final List<String> values;

    public Secrets(Collection<String> values) {
        // a secret may be a part of another
        this.values = values.stream()
                .filter(value -> value.length() >= LEAST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** The text with every secret as three asterisks; null stays null. */
    public String mask(String text) {
        if (text == null) {
            return null;
        }
        String masked = text;
        for (String value : values) {
            masked = masked.replace(value, "***");
        }
        return masked;
    }
}
