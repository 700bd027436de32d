package org.caravan.ledger;

/**
 * What became of a batch. read = accepted + duplicate + conflict + quarantined; unpriced is a part of accepted.
 *
 * @param batch the ledger's id of the batch; 0 if nothing was left to commit
 * @param read records looked at, those skipped as already committed left out
 * @param skipped records below the position: a redelivery
 */
public record CommitResult(
        long batch, int read, int accepted, int duplicate, int conflict, int quarantined, int unpriced, int skipped) {}
