package org.caravan.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A line of a reseller's price list.
 *
 * @param name of the meter or product that usage is billed by
 * @param label for people
 * @param code what the reseller calls it
 * @param category such as {@code server}; empty where nothing says so
 * @param unit such as {@code hour}; empty where nothing says so
 * @param price of the first unit of a month, in the main currency
 * @param metadata what the reseller wrote beside it; null without
 */
public record ResellerProduct(
        String id,
        String name,
        String label,
        String code,
        String category,
        String unit,
        BigDecimal price,
        JsonNode metadata,
        Instant createdAt,
        Instant updatedAt) {}
