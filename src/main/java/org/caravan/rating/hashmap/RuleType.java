package org.caravan.rating.hashmap;

/** How a rule's cost is used. */
public enum RuleType {
    /** An amount: per billed unit in a mapping or field threshold, per record in a service threshold. */
    FLAT,
    /** A factor. */
    RATE;

    /** {@code flat} or {@code rate}, as rules write it. */
    public String word() {
        return this == FLAT ? "flat" : "rate";
    }

    /** The type of a word. */
    public static RuleType of(String word) {
        return switch (word) {
            case "flat" -> FLAT;
            case "rate" -> RATE;
            default -> throw new IllegalArgumentException("no type of a rule: " + word);
        };
    }
}
