package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.caravan.invoice.document.Document.Discount;
import org.caravan.invoice.document.Document.Tax;

/**
 * What a part of a document comes to by itself: each figure rounded once, at the document's own rates. Of a discount that is
 * not a percentage alone it has a share by its amount. Pure.
 *
 * @param subtotal of the part
 * @param taxes in the order of the document
 */
public record DocumentShare(BigDecimal subtotal, Discount discount, List<Tax> taxes, BigDecimal total) {
    public DocumentShare {
        taxes = List.copyOf(taxes);
    }

    /** All of a document, in its own figures. */
    public static DocumentShare whole(Document document) {
        return new DocumentShare(document.subtotal(), document.discount(), document.taxes(), document.total());
    }

    /** The part that comes to a sum of lines or projects. */
    public static DocumentShare of(Document document, BigDecimal subtotal) {
        int digits = Rounding.digits(document.currency());
        Money money = new Money(Rounding.named(document.rounding()), digits, digits, null);
        Discount whole = document.discount();
        BigDecimal percentageAmount = money.percent(subtotal, whole.percentage());
        BigDecimal discount = whole.amount().compareTo(whole.percentageAmount()) == 0
                ? percentageAmount
                : part(whole.amount(), subtotal, document);
        boolean adds = whole.amount().compareTo(whole.percentageAmount().add(whole.flat())) == 0;
        BigDecimal flat = adds ? discount.subtract(percentageAmount) : part(whole.flat(), subtotal, document);
        List<Tax> taxes = new ArrayList<>();
        BigDecimal base = subtotal.subtract(discount);
        BigDecimal total = base;
        for (Tax tax : document.taxes()) {
            BigDecimal amount = money.percent(base, tax.rate());
            taxes.add(new Tax(tax.name(), tax.rate(), amount));
            total = total.add(amount);
        }
        return new DocumentShare(
                subtotal, new Discount(whole.percentage(), percentageAmount, flat, discount), taxes, total);
    }

    /**
     * The share of a fixed figure; an invoice that comes to nothing or less was given none of it, and of a credit note takes
     * none back.
     */
    private static BigDecimal part(BigDecimal figure, BigDecimal amount, Document document) {
        BigDecimal all = document.subtotal();
        int given = document.kind() == Document.Kind.INVOICE ? 1 : -1;
        int digits = Rounding.digits(document.currency());
        return all.signum() != given
                ? BigDecimal.ZERO.setScale(digits)
                : figure.multiply(amount).divide(all, digits, RoundingMode.HALF_UP);
    }
}
