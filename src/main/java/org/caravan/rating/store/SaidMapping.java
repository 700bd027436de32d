package org.caravan.rating.store;

import java.math.BigDecimal;
import java.time.Instant;
import org.caravan.rating.hashmap.RuleType;

/**
 * A mapping as somebody wants it; nulls are unsaid.
 *
 * @param cost never null
 * @param service id of a service
 * @param field id of a field
 * @param group id of a group
 */
public record SaidMapping(
        String value,
        RuleType type,
        BigDecimal cost,
        String service,
        String field,
        String group,
        String tenant,
        Instant start,
        Instant end,
        String name,
        String description) {}
