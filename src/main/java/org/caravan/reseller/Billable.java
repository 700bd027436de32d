package org.caravan.reseller;

import java.math.BigDecimal;

/**
 * What one resource is billed at one price: a line among a project's resources, an entity of an invoice. All figures are the
 * document's.
 *
 * @param id what the resource is known by for its metadata: its own id, or a word for what has none
 * @param name may be empty
 * @param resourceId null where the meter knows no resource
 * @param quantity exact
 * @param total in the document's currency
 * @param size with its unit; null for kinds that have none, or where nothing tells
 * @param seconds billed time
 * @param active true if it still ran at the end of the period
 * @param storageType of volumes, else null
 */
public record Billable(
        ResourceKind kind,
        String id,
        String name,
        String description,
        String resourceId,
        BigDecimal quantity,
        Rate rate,
        BigDecimal total,
        String unit,
        String size,
        BigDecimal seconds,
        boolean active,
        String storageType) {}
