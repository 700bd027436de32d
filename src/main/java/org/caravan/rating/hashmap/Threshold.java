package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * A price or factor from a level on: of the quantity for a rule of a service, of the field's value for a rule of a field.
 *
 * @param service name of the service, which is the meter's name
 * @param field name of the field, or null for a rule of the service itself
 * @param level reached when the compared number is at least this; a level of -1 or below never applies
 * @param group name of the group, or null for the default group
 * @param tenant the tenant it is for, or null for every tenant
 */
public record Threshold(
        String service, String field, BigDecimal level, RuleType type, BigDecimal cost, String group, String tenant) {

    public Threshold {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(cost, "cost");
    }
}
