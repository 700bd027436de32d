package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.Objects;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.UsageSum;

/**
 * What one resource of one tenant used of one product at one price: an item in the making. Amounts and prices are in the
 * rating currency.
 */
final class Piece {
    /** A total order that depends on nothing but the content, so that the order of the input never shows. */
    static final Comparator<Piece> ORDER = Comparator.comparing((Piece p) -> p.key.tenant)
            .thenComparing(p -> p.key.resource)
            .thenComparing(p -> p.key.meter)
            .thenComparing(p -> p.key.unitPrice, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(p -> p.key.kind)
            .thenComparing(p -> p.key.unit)
            .thenComparing(p -> p.first)
            .thenComparing(p -> p.last)
            .thenComparing(p -> p.quantity)
            .thenComparing(p -> p.exact);

    final Key key;
    String unit;
    BigDecimal unitPrice;
    BigDecimal quantity = BigDecimal.ZERO;
    BigDecimal exact = BigDecimal.ZERO;
    BigDecimal seconds = BigDecimal.ZERO;
    private long records;
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;

    /** What the policy rounds: the exact amount, unless the policy converts the quantity to whole units first. */
    BigDecimal billed;

    Piece(Key key) {
        this.key = key;
        this.unit = key.unit;
        this.unitPrice = key.unitPrice;
    }

    void add(UsageSum sum) {
        if (sum.isNothing()) {
            return;
        }
        quantity = quantity.add(sum.quantity());
        exact = exact.add(sum.amount());
        seconds = seconds.add(sum.seconds());
        records += sum.records();
        first = sum.firstBegin().isBefore(first) ? sum.firstBegin() : first;
        last = sum.lastEnd().isAfter(last) ? sum.lastEnd() : last;
        billed = exact;
    }

    /** True if all of it was taken back again: it was re-rated, and stands at another price now. */
    boolean isGone() {
        return records == 0 && quantity.signum() == 0 && exact.signum() == 0;
    }

    /** What makes two sums one item. */
    record Key(
            String tenant,
            String datacenter,
            String product,
            String unit,
            BigDecimal unitPrice,
            boolean priced,
            EntryKind kind,
            YearMonth usageMonth,
            String resource,
            String meter) {
        Key {
            Objects.requireNonNull(tenant);
            // 1.50 and 1.5 are one price
            unitPrice = unitPrice == null ? null : unitPrice.stripTrailingZeros();
        }

        static Key of(String tenant, UsageSum sum, YearMonth month) {
            YearMonth usageMonth = sum.usageMonth() == null ? month : sum.usageMonth();
            return new Key(
                    tenant,
                    sum.datacenter(),
                    sum.product(),
                    sum.unit(),
                    sum.unitPrice(),
                    sum.priced(),
                    sum.kind(),
                    usageMonth,
                    sum.resource(),
                    sum.meter());
        }
    }
}
