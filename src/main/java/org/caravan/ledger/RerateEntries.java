package org.caravan.ledger;

import java.util.HashMap;
import java.util.Map;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * The entries of a re-rating: records taken back at the price they are billed at, and billed at the new one, summed per key,
 * price and day. Quantity, time and number of records come to nothing over both.
 */
final class RerateEntries {
    private static final long DAY_MICROS = 86_400_000_000L;

    private final EntryColumns columns = new EntryColumns(1024);
    private final Map<Group, Integer> entries = new HashMap<>();

    private record Group(UsageKey key, Price price, long day, int billingMonth, int kind, boolean back) {}

    /**
     * Adds both sides of a record.
     *
     * @param kind code of the entries
     */
    void change(UsageBatch batch, int row, BilledPrice before, BilledPrice after, int billingMonth, int kind) {
        UsageKey key = batch.key(row);
        KeyState state = (KeyState) key.ledgerSlot;
        long day = Math.floorDiv(batch.begin(row), DAY_MICROS);
        Group back = new Group(key, before.price(), day, billingMonth, kind, true);
        Integer entry = entries.get(back);
        if (entry == null) {
            entries.put(back, columns.startReversal(state, before, batch, row, billingMonth, kind));
        } else {
            columns.addReversal(entry, before, batch, row);
        }
        Group anew = new Group(key, after.price(), day, billingMonth, kind, false);
        entry = entries.get(anew);
        if (entry == null) {
            entries.put(anew, columns.start(state, after, batch, row, billingMonth, kind));
        } else {
            columns.add(entry, after, batch, row);
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    EntryColumns columns() {
        return columns;
    }
}
