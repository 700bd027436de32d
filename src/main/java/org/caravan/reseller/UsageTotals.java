package org.caravan.reseller;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.caravan.invoice.document.Document.Tax;
import org.caravan.invoice.document.DocumentShare;

/**
 * What usage comes to.
 *
 * @param discountPercentage of the subtotal
 * @param discount what is taken off
 * @param taxes on the discounted subtotal
 */
public record UsageTotals(
        BigDecimal subtotal, BigDecimal discountPercentage, BigDecimal discount, List<Tax> taxes, BigDecimal total) {
    public UsageTotals {
        taxes = List.copyOf(taxes);
    }

    static UsageTotals of(DocumentShare share) {
        return new UsageTotals(
                share.subtotal(),
                share.discount().percentage(),
                share.discount().amount(),
                share.taxes(),
                share.total());
    }

    /** Of two documents of one customer, which have the same taxes. */
    UsageTotals plus(UsageTotals other) {
        List<Tax> sums = new ArrayList<>();
        for (int i = 0; i < taxes.size(); i++) {
            Tax tax = taxes.get(i);
            sums.add(new Tax(
                    tax.name(), tax.rate(), tax.amount().add(other.taxes.get(i).amount())));
        }
        return new UsageTotals(
                subtotal.add(other.subtotal),
                discountPercentage,
                discount.add(other.discount),
                sums,
                total.add(other.total));
    }
}
