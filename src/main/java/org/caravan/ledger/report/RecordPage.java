package org.caravan.ledger.report;

import java.math.BigDecimal;
import java.util.List;
import org.caravan.metering.UsageRecord;

/**
 * Records in the order in which the ledger took them in: what comes later changes no earlier page.
 *
 * @param total records that there are in all
 */
public record RecordPage(long total, List<Billed> records) {
    public RecordPage {
        records = List.copyOf(records);
    }

    /**
     * A record as it is billed now.
     *
     * @param record what was used, in billed units
     * @param amount what it costs
     */
    public record Billed(UsageRecord record, BigDecimal amount) {}

    static final RecordPage EMPTY = new RecordPage(0, List.of());
}
