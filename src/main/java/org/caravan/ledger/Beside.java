package org.caravan.ledger;

import java.math.BigDecimal;
import org.caravan.metering.UsageRecord;

/**
 * A billed record that another one overlaps.
 *
 * @param batch the batch that billed it
 * @param archiveRow its place in that batch's archive
 * @param record the record as it was billed
 * @param amount what it is billed with, exact
 */
public record Beside(long batch, int archiveRow, UsageRecord record, BigDecimal amount) {
    static Beside of(BilledBatch whole, int row, BilledPrices prices) {
        return new Beside(
                whole.id, row, whole.batch.record(row), prices.of(whole, row).amount());
    }
}
