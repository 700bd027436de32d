package org.caravan.ledger;

/**
 * What became of the records of one position (a file), over all batches that read it.
 *
 * @param otherMonths accepted records that are billed in another month than the one asked for
 */
public record RecordCounts(
        long read, long accepted, long duplicate, long conflict, long quarantined, long unpriced, long otherMonths) {}
