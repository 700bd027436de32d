package org.caravan.rating.store;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.caravan.rating.hashmap.RuleType;

/**
 * A mapping as it is kept.
 *
 * @param value what a field must say; null or empty for a mapping of a service, as it was sent
 * @param service null for a mapping of a field
 * @param field null for a mapping of a service
 * @param group null without one
 * @param tenant null = for every tenant
 * @param start in force from here on; null = always was
 * @param end in force until here; null = open
 * @param deleted when it was taken back, or null
 */
public record StoredMapping(
        UUID id,
        String value,
        RuleType type,
        BigDecimal cost,
        UUID service,
        UUID field,
        UUID group,
        String tenant,
        Instant createdAt,
        Instant start,
        Instant end,
        String name,
        String description,
        Instant deleted,
        String createdBy,
        String updatedBy,
        String deletedBy) {

    /** True if it is in force, or was. */
    boolean hasStarted(Instant now) {
        return start == null || !start.isAfter(now);
    }
}
