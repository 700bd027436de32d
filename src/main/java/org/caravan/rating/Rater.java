package org.caravan.rating;

import org.caravan.metering.UsageBatch;

/** Prices every record of a batch. Implementations are safe for concurrent use on different batches. */
public interface Rater {
    /**
     * Fills the batch's price columns; a record that can't be rated is {@linkplain UsageBatch#reject rejected} and its
     * neighbours are priced all the same.
     */
    void rate(UsageBatch batch);
}
