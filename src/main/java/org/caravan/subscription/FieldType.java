package org.caravan.subscription;

/** What a field holds, and as which class. */
public enum FieldType {
    /** {@code String}. */
    TEXT,
    /** {@code Integer}. */
    INTEGER,
    /** {@code Boolean}. */
    BOOLEAN,
    /** {@code BigDecimal}; a text in JSON. */
    DECIMAL,
    /** {@code Instant}, to the microsecond. */
    TIME,
    /** {@code ObjectNode}: a flat map whose values keep their type. */
    PROPERTIES,
    /** {@code ArrayNode}: rules as {@link Pricing} writes them. */
    PRICING,
    /** {@code ArrayNode} of objects that belong to the thing alone. */
    LIST;

    /** True if lists can be filtered by it. */
    public boolean isFilter() {
        return ordinal() <= TIME.ordinal();
    }
}
