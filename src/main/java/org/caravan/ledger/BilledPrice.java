package org.caravan.ledger;

import java.math.BigDecimal;
import java.util.Objects;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;

/**
 * What a record is billed with.
 *
 * @param amount exact
 */
record BilledPrice(Price price, BigDecimal amount) {
    /** What a priced row came to when its batch was committed. */
    static BilledPrice archived(UsageBatch batch, int row) {
        return new BilledPrice(batch.price(row), batch.amountValue(row));
    }

    /** True if nothing on a document tells the two apart: they are one line and one sum, also once the month closes. */
    boolean isSame(BilledPrice other) {
        return amount.compareTo(other.amount) == 0
                && price.priced() == other.price.priced()
                && Objects.equals(price.unitPrice(), other.price.unitPrice())
                && price.rules().contains(Meter.COST) == other.price.rules().contains(Meter.COST)
                && price.rules().contains(Meter.PLAN) == other.price.rules().contains(Meter.PLAN);
    }
}
