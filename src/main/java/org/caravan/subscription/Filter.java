package org.caravan.subscription;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.caravan.common.Decimals;

/**
 * Lets things through whose field compares so with a value.
 *
 * @param value of the field's class; for a pattern a text
 */
public record Filter(Field field, Operator operator, Object value) {
    /**
     * A filter as it was asked for.
     *
     * @throws Refusal if the entity has no such field, or it does not compare so, or with no such value
     */
    public static Filter of(Entity entity, String name, String operator, String value) {
        Field field = entity.field(name);
        if (field == null || !field.type().isFilter()) {
            throw Refusal.of(
                    Refusal.Kind.INVALID_QUERY_FIELD,
                    entity.word() + " has no such field that it can be asked for by.");
        }
        Operator by = Operator.of(operator);
        if (by.isPattern() && field.type() != FieldType.TEXT
                || field.type() == FieldType.BOOLEAN && by != Operator.EQ && by != Operator.NE) {
            throw Refusal.of(
                    Refusal.Kind.INVALID_OPERATOR,
                    field.name() + " does not compare by " + by.name().toLowerCase(java.util.Locale.ROOT) + ".");
        }
        if (!Texts.isStorable(value)) {
            throw Refusal.of(
                    Refusal.Kind.BAD_REQUEST, "The value for " + field.name() + " holds a character that no text has.");
        }
        return new Filter(field, by, value(field, value));
    }

    private static Object value(Field field, String text) {
        try {
            return switch (field.type()) {
                case INTEGER -> Integer.valueOf(text.strip());
                case DECIMAL -> Decimals.parse(text.strip());
                case TIME -> Times.parse(text);
                case BOOLEAN ->
                    switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
                        case "true", "1" -> true;
                        case "false", "0" -> false;
                        default -> throw new IllegalArgumentException();
                    };
                default -> text;
            };
        } catch (IllegalArgumentException e) {
            throw Refusal.of(
                    Refusal.Kind.BAD_REQUEST,
                    field.name() + " compares with "
                            + switch (field.type()) {
                                case INTEGER -> "a whole number.";
                                case DECIMAL -> "a decimal number.";
                                case TIME -> "a time such as 2026-11-30T12:00:00Z.";
                                default -> "true or false.";
                            });
        }
    }

    /** The condition in SQL, with one question mark for {@link #value}. */
    String condition() {
        String side = field.type() == FieldType.TEXT ? "(" + field.sql() + ") collate \"C\"" : "(" + field.sql() + ")";
        return side + " " + operator.sql() + " ?" + (operator.isPattern() ? " escape ''" : "");
    }

    /** True if a thing passes; the same answer as SQL's, for things that no table holds. */
    public boolean matches(Entry entry) {
        Object own = entry.get(field.name());
        if (own == null) {
            return false;
        }
        if (operator.isPattern()) {
            return Operator.pattern((String) value).matcher((String) own).matches() == (operator == Operator.LIKE);
        }
        return operator.holds(compare(own));
    }

    private int compare(Object own) {
        return switch (field.type()) {
            case INTEGER -> ((Integer) own).compareTo((Integer) value);
            case DECIMAL -> ((BigDecimal) own).compareTo((BigDecimal) value);
            case TIME -> ((Instant) own).compareTo((Instant) value);
            case BOOLEAN -> ((Boolean) own).compareTo((Boolean) value);
            default ->
                Arrays.compareUnsigned(
                        ((String) own).getBytes(StandardCharsets.UTF_8),
                        ((String) value).getBytes(StandardCharsets.UTF_8));
        };
    }
}
