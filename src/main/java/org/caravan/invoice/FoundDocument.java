package org.caravan.invoice;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Objects;

/**
 * A document that a connector holds, as far as the connector can tell.
 *
 * @param number of its series, as the document says it
 * @param key or null; it tells account and month by itself
 * @param account who pays, or null where unknown
 * @param month billed month, or null where unknown
 * @param currency of the total (ISO 4217), or null where unknown
 * @param total or null where unknown; it is compared with what the ledger comes to
 * @param reference what the connector answered, or would answer, to its commit
 */
public record FoundDocument(
        String number,
        String key,
        String account,
        YearMonth month,
        String currency,
        BigDecimal total,
        String reference) {
    public FoundDocument {
        Objects.requireNonNull(number, "number");
    }
}
