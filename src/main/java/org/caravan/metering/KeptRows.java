package org.caravan.metering;

import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** Takes records out of a batch as if they had never come: nothing sets them aside, nothing remembers them. */
public final class KeptRows {
    private KeptRows() {}

    /**
     * A batch of some of a batch's records; not rated yet, with its positions.
     *
     * @param rows which of its rows stay; none that was rejected may be among its rows
     * @param unread which of its unusable records stay
     */
    public static UsageBatch of(UsageBatch batch, IntPredicate rows, Predicate<Rejected> unread) {
        UsageBatch kept = new UsageBatch(batch.size());
        if (batch.heldContext().equals(Rejected.BILLED_UNITS_GIVEN_PRICE)) {
            kept.pricesAreFinal();
        }
        kept.setPositions(batch.positions());
        for (int row = 0; row < batch.size(); row++) {
            if (rows.test(row)) {
                copy(batch, row, kept);
            }
        }
        batch.rejected().stream().filter(unread).forEach(kept::rejectUnread);
        return kept;
    }

    private static void copy(UsageBatch batch, int row, UsageBatch kept) {
        if (batch.bigQuantity(row) == null) {
            kept.add(
                    batch.key(row),
                    batch.quantity(row),
                    batch.quantityScale(row),
                    batch.begin(row),
                    batch.end(row),
                    batch.position(row));
        } else {
            kept.add(batch.key(row), batch.bigQuantity(row), batch.begin(row), batch.end(row), batch.position(row));
        }
        if (batch.idLength(row) > 0) {
            kept.lastId(batch.idBytes(), batch.idStart(row), batch.idLength(row));
        }
        if (batch.givenPrice(row) != null) {
            kept.lastGivenPrice(batch.givenPrice(row));
        }
        if (batch.positionIndex(row) > 0) {
            kept.lastPositionIndex(batch.positionIndex(row));
        }
    }
}
