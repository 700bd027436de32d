package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.common.Decimals;

/** Reads what a caller says of a thing. Every field that is wrong is named; the values that were sent are not repeated. */
public final class EntryReader {
    private static final int WHOLE_DIGITS = 20;

    private final Entity entity;
    private final Map<String, String> errors = new LinkedHashMap<>();

    private EntryReader(Entity entity) {
        this.entity = entity;
    }

    /**
     * What a new thing is to be.
     *
     * @throws Refusal naming all fields that are wrong or missing
     */
    public static Entry create(Entity entity, JsonNode body) {
        EntryReader reader = new EntryReader(entity);
        Entry entry = reader.read(body);
        for (Field field : entity.fields()) {
            if (field.access() == Field.Access.READ) {
                if (entry.take(field.name()) != null) {
                    reader.errors.put(field.name(), "is read-only");
                }
            } else if (entry.get(field.name()) == null) {
                if (field.needed()) {
                    reader.errors.putIfAbsent(field.name(), "is needed");
                }
                entry.take(field.name());
            } else if (field.type() == FieldType.PROPERTIES) {
                entry.put(field.name(), Properties.merged(null, (ObjectNode) entry.json(field.name())));
            }
        }
        return reader.checked(entry);
    }

    /**
     * What is to change of a thing.
     *
     * @throws Refusal naming all fields that are wrong
     */
    public static Entry update(Entity entity, JsonNode body) {
        EntryReader reader = new EntryReader(entity);
        Entry entry = reader.read(body);
        for (Field field : entity.fields()) {
            if (field.needed() && entry.has(field.name()) && entry.get(field.name()) == null) {
                reader.errors.putIfAbsent(field.name(), "is needed");
            }
            if (field.type() == FieldType.PROPERTIES && entry.has(field.name()) && entry.get(field.name()) == null) {
                // nothing to merge
                entry.take(field.name());
            }
        }
        return reader.checked(entry);
    }

    private Entry checked(Entry entry) {
        if (!errors.isEmpty()) {
            throw Refusal.invalid(errors);
        }
        return entry;
    }

    private Entry read(JsonNode sent) {
        if (!sent.isObject()) {
            throw Refusal.of(Refusal.Kind.BAD_REQUEST, "The body must be a JSON object.");
        }
        ObjectNode body = ((ObjectNode) sent).deepCopy();
        if (entity.field("pricing") != null) {
            Pricing.fold(body);
        }
        Entry entry = new Entry();
        for (Iterator<Map.Entry<String, JsonNode>> values = body.fields(); values.hasNext(); ) {
            Map.Entry<String, JsonNode> value = values.next();
            Field field = entity.field(value.getKey());
            if (field == null) {
                String name = value.getKey();
                errors.put(
                        name.length() > 60 || !Texts.isStorable(name) ? "a name" : name,
                        "is not known; " + entity.word() + " has no such field");
            } else if (entry.get(field.name()) != null) {
                errors.put(field.name(), "is said twice");
            } else {
                entry.put(field.name(), value.getValue().isNull() ? null : value(field, value.getValue()));
            }
        }
        return entry;
    }

    private Object value(Field field, JsonNode value) {
        try {
            return switch (field.type()) {
                case TEXT -> text(field, value);
                case INTEGER -> integer(value);
                case BOOLEAN -> bool(value);
                case DECIMAL -> decimal(field, value);
                case TIME -> time(field, value);
                case PROPERTIES -> properties(value);
                case PRICING -> Pricing.normal(value);
                case LIST -> value;
            };
        } catch (IllegalArgumentException e) {
            errors.put(field.name(), e.getMessage());
            return null;
        } catch (Refusal e) {
            errors.putAll(e.errors());
            return null;
        }
    }

    private static String text(Field field, JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException("must be a text");
        }
        String text = value.textValue();
        if (!Texts.isStorable(text)) {
            throw new IllegalArgumentException("holds a character that can't be kept");
        }
        if (text.codePointCount(0, text.length()) > field.longest()) {
            throw new IllegalArgumentException("must not be longer than " + field.longest() + " characters");
        }
        if (field.needed() && text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text;
    }

    private static Integer integer(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return value.intValue();
        }
        if (value.isTextual() && value.textValue().matches("[+-]?\\d{1,9}")) {
            return Integer.valueOf(value.textValue());
        }
        throw new IllegalArgumentException("must be a whole number");
    }

    private static Boolean bool(JsonNode value) {
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("must be true or false");
        }
        return value.booleanValue();
    }

    private static BigDecimal decimal(Field field, JsonNode value) {
        return decimal(value, field.longest());
    }

    /** An exact decimal, from a text or a number. */
    static BigDecimal decimal(JsonNode value, int places) {
        if (!value.isTextual() && !value.isNumber()) {
            throw new IllegalArgumentException("must be a decimal number, as a text such as \"9.90\"");
        }
        BigDecimal decimal;
        try {
            decimal = Decimals.parse(value.asText().strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a decimal number, as a text such as \"9.90\"", e);
        }
        if (decimal.stripTrailingZeros().scale() > places || decimal.precision() - decimal.scale() > WHOLE_DIGITS) {
            throw new IllegalArgumentException(
                    "must have at most " + WHOLE_DIGITS + " digits before and " + places + " behind the point");
        }
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    private static Object time(Field field, JsonNode value) {
        if (value.isTextual()) {
            try {
                return Times.parse(value.textValue());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("must be a time such as 2026-11-30T12:00:00Z", e);
            }
        }
        if (field.access() == Field.Access.READ) {
            return null;
        }
        throw new IllegalArgumentException("must be a time such as 2026-11-30T12:00:00Z");
    }

    private static ObjectNode properties(JsonNode value) {
        String problem = Properties.problem(value);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return (ObjectNode) value;
    }
}
