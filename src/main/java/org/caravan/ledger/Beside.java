package org.caravan.ledger;

import java.math.BigDecimal;
import org.caravan.metering.UsageRecord;

/**
 * A billed record that another one overlaps.
 *
 * @param batch the batch that billed it
 * @param archiveRow its place in that batch's archive
 * @param record the record as it was billed
 * @param amount what it was billed with, exact
 */
public record Beside(long batch, int archiveRow, UsageRecord record, BigDecimal amount) {
    static Beside of(BilledBatch whole, int row) {
        return new Beside(whole.id, row, whole.batch.record(row), whole.batch.amountValue(row));
    }
}
