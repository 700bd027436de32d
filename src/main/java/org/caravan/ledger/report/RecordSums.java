package org.caravan.ledger.report;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.caravan.ledger.BilledRecords;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** Adds single records to their groups; texts are made once per key and hour or day, not per record. */
final class RecordSums implements BilledRecords.Taker {
    private static final long NONE = Long.MIN_VALUE;

    private final List<Field> fields;
    private final boolean byTime;
    private final boolean byHour;
    private final RecordFilter filter;
    private final Groups groups;

    // of the batch that is read: per key the group of its last record, which holds while hour or day is the same
    private Sums[] last;
    private long[] slots;

    RecordSums(SummaryQuery query, RecordFilter filter, Groups groups) {
        this.fields = query.groupBy();
        this.byTime = fields.stream().anyMatch(field -> field.kind().isTime());
        this.byHour = fields.contains(Field.HOUR);
        this.filter = filter;
        this.groups = groups;
    }

    @Override
    public boolean wants(UsageKey key) {
        return filter.wants(key);
    }

    @Override
    public void start(UsageBatch batch) {
        last = new Sums[batch.keyCount()];
        slots = new long[batch.keyCount()];
        Arrays.fill(slots, NONE);
    }

    @Override
    public void take(UsageBatch batch, int row, BigDecimal amount) {
        long begin = batch.begin(row);
        if (!filter.wants(begin)) {
            return;
        }
        int index = batch.keyIndex(row);
        long slot = byTime ? Values.slot(begin, byHour) : 0;
        if (slots[index] != slot) {
            slots[index] = slot;
            last[index] = groups.of(values(batch.keyAt(index), begin));
        }
        last[index].addRecord(batch.quantityValue(row), amount, begin);
    }

    private List<String> values(UsageKey key, long begin) {
        return fields.stream()
                .map(field -> field.kind().isTime() ? Values.of(field, begin) : Values.of(field, key))
                .toList();
    }
}
