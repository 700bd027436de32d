package org.caravan.ledger.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Decimals;
import org.caravan.ledger.BilledRecords;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** Keeps one page of the records that it is handed, and counts all. */
final class RecordList implements BilledRecords.Taker {
    private final RecordQuery query;
    private final RecordFilter filter;
    private final List<RecordPage.Billed> page = new ArrayList<>();
    private long total;

    RecordList(RecordQuery query, RecordFilter filter) {
        this.query = query;
        this.filter = filter;
    }

    @Override
    public boolean wants(UsageKey key) {
        return filter.wants(key);
    }

    @Override
    public void take(UsageBatch batch, int row, BigDecimal amount) {
        if (!filter.wants(batch.begin(row))) {
            return;
        }
        if (total >= query.offset() && page.size() < query.limit()) {
            page.add(new RecordPage.Billed(batch.record(row), new BigDecimal(Decimals.plain(amount))));
        }
        total++;
    }

    /** True if what follows could only be counted. */
    boolean isFull() {
        return page.size() == query.limit();
    }

    /** The page, with as many records in all as were handed over. */
    RecordPage page() {
        return page(total);
    }

    /** The page of records whose number is known otherwise. */
    RecordPage page(long inAll) {
        return new RecordPage(inAll, page);
    }
}
