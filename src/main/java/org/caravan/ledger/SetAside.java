package org.caravan.ledger;

import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;

/** Takes the records of a batch that can't be billed. */
interface SetAside {
    /** @param billed what is billed beside it, or null where the archives no longer know */
    void conflict(UsageBatch batch, int row, String reason, Beside billed);

    void unusable(Rejected rejected);

    /** Conflicts taken so far. */
    int conflicts();

    /** Unusable records taken so far. */
    int unusable();
}
