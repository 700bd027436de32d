package org.caravan.ledger;

/**
 * A record in quarantine.
 *
 * @param position line number or offset; null if unknown
 * @param kind unusable (could not be read, or not be rated) or conflict
 * @param raw the record as read, bounded
 * @param billed for a conflict: what was billed beside it, as a caravan-jsonl line; else null
 */
public record QuarantineEntry(
        long id,
        String source,
        String key,
        Long position,
        String kind,
        String reason,
        String raw,
        String billed,
        String state) {}
