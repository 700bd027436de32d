package org.caravan.ledger;

/** What a caravan-ledger endpoint does with its message. */
public enum LedgerOperation {
    /** Commits the rated batch in the body, keyed by tenant and month. */
    aggregate,

    /** Says whether what the headers name, source and position, was read to its end before. */
    position,

    /** Keeps the batch of samples in the body, of which usage is made later. */
    collect
}
