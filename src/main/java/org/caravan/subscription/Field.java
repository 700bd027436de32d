package org.caravan.subscription;

/**
 * One field of an {@link Entity}.
 *
 * @param name as callers know it
 * @param sql the expression that reads it, the entity's table being {@code t}
 * @param column that it is written to; null where something else than its own table holds it
 * @param longest most characters of a text, most digits behind the point of a decimal
 * @param access who changes it, and when
 * @param needed true if it must be said when the thing is made
 */
public record Field(
        String name, String sql, String column, FieldType type, int longest, Access access, boolean needed) {
    /** Who says what a field holds. */
    public enum Access {
        /** The hub. */
        READ,
        /** The caller, once. */
        CREATE,
        /** The caller, whenever it likes. */
        WRITE
    }

    /** A text that a caller may change. */
    public static Field text(String name, int longest) {
        return of(name, FieldType.TEXT, longest);
    }

    /** A field of a column called like it, that a caller may change. */
    public static Field of(String name, FieldType type, int longest) {
        return new Field(name, "t." + name, name, type, longest, Access.WRITE, false);
    }

    /** A field that the hub fills, read from a column called like it. */
    public static Field read(String name, FieldType type) {
        return new Field(name, "t." + name, name, type, Integer.MAX_VALUE, Access.READ, false);
    }

    /** A field that the hub reads from elsewhere. */
    public static Field read(String name, FieldType type, String sql) {
        return new Field(name, sql, null, type, Integer.MAX_VALUE, Access.READ, false);
    }

    /** The same, to be said when the thing is made. */
    public Field must() {
        return new Field(name, sql, column, type, longest, access, true);
    }

    /** The same, never to be changed. */
    public Field once() {
        return new Field(name, sql, column, type, longest, Access.CREATE, needed);
    }

    /** The same, in a column of another name. */
    public Field in(String other) {
        return new Field(name, "t." + other, other, type, longest, access, needed);
    }

    /** The same, read by another expression. */
    public Field as(String expression) {
        return new Field(name, expression, column, type, longest, access, needed);
    }

    /** The same, kept elsewhere than in the entity's own table. */
    public Field elsewhere(String expression) {
        return new Field(name, expression, null, type, longest, access, needed);
    }
}
