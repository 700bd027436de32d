package org.caravan.subscription;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kind of thing: its fields, and where they are. Whatever is generic about things (reading a caller's JSON, statements,
 * filters, answers) is made from this.
 */
public final class Entity {
    private final String word;
    private final String table;
    private final String from;
    private final String key;
    private final boolean timed;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<String, String> aliases;

    private Entity(
            String word, String table, String joins, String key, List<Field> fields, Map<String, String> aliases) {
        this.word = word;
        this.table = table;
        this.from = table + " t" + (joins.isEmpty() ? "" : " " + joins);
        this.key = key;
        this.aliases = Map.copyOf(aliases);
        fields.forEach(field -> this.fields.put(field.name(), field));
        this.timed = this.fields.containsKey("created_at");
    }

    /**
     * An entity with {@code id}, and with {@code created_at} and {@code updated_at} behind its own fields.
     *
     * @param word what people call one
     * @param joins what its fields' expressions need beside the table {@code t}
     */
    static Entity of(String word, String table, String joins, List<Field> own, Map<String, String> aliases) {
        List<Field> all = new java.util.ArrayList<>();
        all.add(Field.read("id", FieldType.TEXT));
        all.addAll(own);
        all.add(Field.read("created_at", FieldType.TIME));
        all.add(Field.read("updated_at", FieldType.TIME));
        return new Entity(word, table, joins, "id", all, aliases);
    }

    /** As {@link #of}, known by another field than {@code id}. */
    public static Entity keyed(String word, String table, String joins, String key, List<Field> fields) {
        return new Entity(word, table, joins, key, fields, Map.of());
    }

    /** What people call one. */
    public String word() {
        return word;
    }

    String table() {
        return table;
    }

    String from() {
        return from;
    }

    /** The field that a thing is known by within its surroundings. */
    public String key() {
        return key;
    }

    /** The expression of the key. */
    String keySql() {
        return fields.get(key).sql();
    }

    /** True if it says when it was made: its lists are in that order, others in that of their key. */
    boolean isTimed() {
        return timed;
    }

    /** All fields, in the order in which they are answered. */
    public Iterable<Field> fields() {
        return fields.values();
    }

    /** The field of this name, by one of its other names, too; null if there is none. */
    public Field field(String name) {
        return fields.get(aliases.getOrDefault(name, name));
    }
}
