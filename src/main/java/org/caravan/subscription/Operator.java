package org.caravan.subscription;

import java.util.Locale;
import java.util.regex.Pattern;

/** How a filter compares. A field without a value matches none of them. */
public enum Operator {
    EQ("=="),
    NE("!="),
    GE(">="),
    LE("<="),
    GT(">"),
    LT("<"),
    /** {@code %} is any text, {@code _} any character; case counts. */
    LIKE("like"),
    NLIKE("nlike");

    private final String sign;

    Operator(String sign) {
        this.sign = sign;
    }

    /**
     * The operator of a word or sign.
     *
     * @throws Refusal if there is none
     */
    public static Operator of(String text) {
        String asked = text.strip().toLowerCase(Locale.ROOT);
        if (asked.isEmpty() || asked.equals("=")) {
            return EQ;
        }
        for (Operator operator : values()) {
            if (asked.equals(operator.sign) || asked.equals(operator.name().toLowerCase(Locale.ROOT))) {
                return operator;
            }
        }
        throw Refusal.of(
                Refusal.Kind.INVALID_OPERATOR, "No such operator; there are eq, ne, ge, le, gt, lt, like and nlike.");
    }

    boolean isPattern() {
        return this == LIKE || this == NLIKE;
    }

    /** As SQL writes it. */
    String sql() {
        return switch (this) {
            case EQ -> "=";
            case NE -> "<>";
            case LIKE -> "like";
            case NLIKE -> "not like";
            default -> sign;
        };
    }

    /** What holds of a comparison's result. */
    boolean holds(int compared) {
        return switch (this) {
            case EQ -> compared == 0;
            case NE -> compared != 0;
            case GE -> compared >= 0;
            case LE -> compared <= 0;
            case GT -> compared > 0;
            case LT -> compared < 0;
            default -> throw new IllegalStateException(this + " compares with a pattern");
        };
    }

    /** What SQL's LIKE lets through, as a pattern of Java. */
    static Pattern pattern(String like) {
        StringBuilder pattern = new StringBuilder();
        like.codePoints().forEach(c -> {
            if (c == '%') {
                pattern.append(".*");
            } else if (c == '_') {
                pattern.append('.');
            } else {
                pattern.append(Pattern.quote(Character.toString(c)));
            }
        });
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }
}
