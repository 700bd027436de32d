package org.caravan.subscription;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was asked for can't be. The text is for the caller: no secret, no value that was sent, nothing of another merchant. */
public final class Refusal extends RuntimeException {
    private final Kind kind;
    private final transient Map<String, String> errors;

    /** What kind of thing is wrong. */
    public enum Kind {
        BAD_REQUEST,
        INVALID_OBJECT,
        INVALID_SORT_KEY,
        INVALID_QUERY_FIELD,
        INVALID_OPERATOR,
        FORBIDDEN,
        NOT_FOUND,
        DUPLICATE,
        /** Something else needs it, or it is final. */
        IN_USE
    }

    private Refusal(Kind kind, String text, Map<String, String> errors) {
        super(text);
        this.kind = kind;
        this.errors = new LinkedHashMap<>(errors);
    }

    public static Refusal of(Kind kind, String text) {
        return new Refusal(kind, text, Map.of());
    }

    /** Fields that hold what they must not, each with what it takes. */
    public static Refusal invalid(Map<String, String> errors) {
        StringBuilder text = new StringBuilder("Invalid object:");
        errors.forEach((field, problem) -> text.append(text.charAt(text.length() - 1) == ':' ? " " : "; ")
                .append(field)
                .append(" ")
                .append(problem));
        return new Refusal(Kind.INVALID_OBJECT, text.append('.').toString(), errors);
    }

    /** One field that holds what it must not. */
    public static Refusal invalid(String field, String problem) {
        return invalid(Map.of(field, problem));
    }

    public static Refusal notFound(String word) {
        return of(Kind.NOT_FOUND, word + " could not be found.");
    }

    static Refusal inUse(String text) {
        return of(Kind.IN_USE, text);
    }

    public Kind kind() {
        return kind;
    }

    /** By field what is wrong with it; empty where it is no field's fault. */
    public Map<String, String> errors() {
        return errors;
    }
}
