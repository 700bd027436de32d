package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;

/**
 * The items of a price list that hold in a month, for one unit. Odoo has no call any more that answers a price, so the two
 * kinds of item that need nothing but the sales price are computed here: a fixed price, and a percentage off.
 */
final class ListPrices {
    static final ListPrices NONE = new ListPrices(List.of());
    static final List<String> FIELDS = List.of(
            "applied_on",
            "product_id",
            "product_tmpl_id",
            "categ_id",
            "compute_price",
            "fixed_price",
            "percent_price",
            "min_quantity",
            "date_start",
            "date_end");

    private static final int PERCENT_SHIFT = 2;

    /** Odoo's own order: the narrowest first, of those the largest least quantity, of those the newest. */
    private static final Comparator<Item> ORDER = Comparator.comparing(Item::appliedOn)
            .thenComparing(Item::minQuantity, Comparator.reverseOrder())
            .thenComparing(Item::id, Comparator.reverseOrder());

    private final List<Item> items;

    private ListPrices(List<Item> items) {
        this.items = items;
    }

    /**
     * An item.
     *
     * @param appliedOn {@code 0_product_variant} to {@code 3_global}
     * @param target id of what it is about; 0 for all
     */
    record Item(
            long id,
            String appliedOn,
            long target,
            BigDecimal minQuantity,
            String kind,
            BigDecimal fixed,
            BigDecimal percent) {
        BigDecimal price(BigDecimal salesPrice) {
            return switch (kind) {
                case "fixed" -> fixed;
                case "percentage" ->
                    salesPrice.subtract(salesPrice.multiply(percent).movePointLeft(PERCENT_SHIFT), Decimals.RATING);
                default ->
                    throw new UserError(
                            "price list item " + id + " computes its price by a formula, which only Odoo can;"
                                    + " give it a fixed price or a percentage");
            };
        }

        private boolean isAbout(OdooRecord product) throws OdooFault {
            return switch (appliedOn) {
                case "0_product_variant" -> product.id() == target;
                case "1_product" -> product.link("product_tmpl_id") == target;
                case "2_product_category" -> product.link("categ_id") == target;
                default -> true;
            };
        }
    }

    static ListPrices read(List<OdooRecord> records, YearMonth month) throws OdooFault {
        String day = month.atEndOfMonth().toString();
        List<Item> items = new ArrayList<>();
        for (OdooRecord record : records) {
            boolean begun = record.text("date_start").isEmpty()
                    || day(record.text("date_start")).compareTo(day) <= 0;
            boolean over = !record.text("date_end").isEmpty()
                    && day(record.text("date_end")).compareTo(day) < 0;
            if (begun && !over && record.decimal("min_quantity").compareTo(BigDecimal.ONE) <= 0) {
                items.add(item(record));
            }
        }
        items.sort(ORDER);
        return new ListPrices(List.copyOf(items));
    }

    private static Item item(OdooRecord record) throws OdooFault {
        String appliedOn = record.text("applied_on");
        String field =
                switch (appliedOn) {
                    case "0_product_variant" -> "product_id";
                    case "1_product" -> "product_tmpl_id";
                    case "2_product_category" -> "categ_id";
                    default -> "none";
                };
        return new Item(
                record.id(),
                appliedOn,
                record.link(field),
                record.decimal("min_quantity"),
                record.text("compute_price"),
                record.decimal("fixed_price"),
                record.decimal("percent_price"));
    }

    /** Some releases keep a date, others a time. */
    private static String day(String time) {
        return time.length() > 10 ? time.substring(0, 10) : time;
    }

    /** What holds for a product; null where nothing does. */
    Item of(OdooRecord product) throws OdooFault {
        for (Item item : items) {
            if (item.isAbout(product)) {
                return item;
            }
        }
        return null;
    }
}
