package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The values of one thing, or those of them that are to change; each is of the class that its {@link FieldType} says. */
public final class Entry {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** The same values, to change. */
    public Entry copy() {
        Entry copy = new Entry();
        copy.values.putAll(values);
        return copy;
    }

    public Entry put(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /** Takes a value out. */
    public Object take(String name) {
        return values.remove(name);
    }

    /** True if it says something of the field, be it null. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    public Set<String> names() {
        return values.keySet();
    }

    public Object get(String name) {
        return values.get(name);
    }

    public String text(String name) {
        return (String) values.get(name);
    }

    public Integer integer(String name) {
        return (Integer) values.get(name);
    }

    public BigDecimal decimal(String name) {
        return (BigDecimal) values.get(name);
    }

    public Instant time(String name) {
        return (Instant) values.get(name);
    }

    public JsonNode json(String name) {
        return (JsonNode) values.get(name);
    }

    /** Puts a value where nothing or null is said. */
    Entry otherwise(String name, Object value) {
        if (values.get(name) == null) {
            values.put(name, value);
        }
        return this;
    }
}
