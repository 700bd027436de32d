package org.caravan.ledger;

import java.util.HashMap;
import java.util.Map;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;

/** Remembers which rows were set aside as conflicts, for whoever has to tell their sender. */
final class Witness implements SetAside {
    private final SetAside taken;
    private final Map<Integer, String> conflicts = new HashMap<>();

    Witness(SetAside taken) {
        this.taken = taken;
    }

    @Override
    public void conflict(UsageBatch batch, int row, String reason, Beside billed) {
        conflicts.put(row, reason);
        taken.conflict(batch, row, reason, billed);
    }

    @Override
    public void unusable(Rejected rejected) {
        taken.unusable(rejected);
    }

    @Override
    public int conflicts() {
        return taken.conflicts();
    }

    @Override
    public int unusable() {
        return taken.unusable();
    }

    /** Why the row was set aside; null if it was not. */
    String conflict(int row) {
        return conflicts.get(row);
    }
}
