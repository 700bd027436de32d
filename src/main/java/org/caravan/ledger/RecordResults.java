package org.caravan.ledger;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;

/** What becomes of each record of a batch, by its position. */
public final class RecordResults {
    /** The ways it can go. */
    public enum What {
        ACCEPTED,
        /** Billed before, just so. */
        DUPLICATE,
        /** Set aside for a person to decide. */
        QUARANTINED,
        /** Below the position: taken in before, and not looked at again. */
        SKIPPED
    }

    /** @param reason why it was set aside, one line; else null */
    public record Result(What what, String reason) {}

    private final SortedMap<Long, Result> byPosition = new TreeMap<>();

    private RecordResults() {}

    /**
     * @param usage null where nothing of the batch was looked at
     * @param positions says which records were committed before
     */
    static RecordResults of(UsageBatch batch, NewUsage usage, Witness witness, Positions positions) {
        RecordResults results = new RecordResults();
        for (int row = 0; row < batch.size(); row++) {
            if (!batch.isRejected(row)) {
                results.add(batch.position(row), result(batch, row, usage, witness, positions));
            }
        }
        for (Rejected rejected : batch.rejected()) {
            results.add(
                    rejected.position(),
                    positions.isCommitted(rejected.positionIndex(), rejected.position())
                            ? new Result(What.SKIPPED, null)
                            : new Result(What.QUARANTINED, rejected.reason()));
        }
        return results;
    }

    private static Result result(UsageBatch batch, int row, NewUsage usage, Witness witness, Positions positions) {
        if (usage == null || positions.isCommitted(batch.positionIndex(row), batch.position(row))) {
            return new Result(What.SKIPPED, null);
        }
        if ((usage.acceptedRows()[row >> 3] & 1 << (row & 7)) != 0) {
            return new Result(What.ACCEPTED, null);
        }
        String reason = witness.conflict(row);
        return reason == null ? new Result(What.DUPLICATE, null) : new Result(What.QUARANTINED, reason);
    }

    private void add(long position, Result result) {
        byPosition.put(position, result);
    }

    /** In order of position. */
    public SortedMap<Long, Result> byPosition() {
        return Collections.unmodifiableSortedMap(byPosition);
    }
}
