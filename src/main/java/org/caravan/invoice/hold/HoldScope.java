package org.caravan.invoice.hold;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.caravan.ledger.TenantChoice;

/**
 * What is asked of a rule.
 *
 * @param month billing month that is to be closed
 * @param tenants whom it is to be closed for
 * @param now by the hub's clock
 */
public record HoldScope(YearMonth month, TenantChoice tenants, Instant now) {
    /** The first moment after the month. */
    public Instant end() {
        return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
