package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;

/**
 * A price or factor for a service, or for one value of a field of it.
 *
 * @param service name of the service, which is the meter's name
 * @param field name of the field, or null for a rule of the service itself
 * @param value text that the field's value must equal, or null for a rule of the service itself
 * @param cost any sign; a negative flat never wins
 * @param group name of the group, or null for the default group
 * @param tenant the tenant it is for, or null for every tenant
 * @param start in force from here on, inclusive; null = always was
 * @param end in force until here, exclusive; null = open
 * @param deleted true for a rule that was withdrawn: it never counts, for past usage neither
 */
public record Mapping(
        String service,
        String field,
        String value,
        RuleType type,
        BigDecimal cost,
        String group,
        String tenant,
        Instant start,
        Instant end,
        boolean deleted) {

    public Mapping {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(cost, "cost");
        if ((field == null) != (value == null)) {
            throw new IllegalArgumentException("a mapping of service '" + service
                    + "' needs both a field and a value, or neither; field " + field + ", value " + value);
        }
    }
}
