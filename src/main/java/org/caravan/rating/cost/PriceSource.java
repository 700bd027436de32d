package org.caravan.rating.cost;

import java.time.YearMonth;

/** Where unit prices are kept. Safe for concurrent use. */
public interface PriceSource {
    /** What it is, for messages: {@code connector openerp}, {@code rates file rates.txt}. */
    String name();

    /** How a person adds a price that is missing there, an order such as {@code add product 'x' there}. */
    String remedy(String datacenter, String product);

    /**
     * Reads all prices that hold in a month.
     *
     * @throws org.caravan.common.UserError if they can't be read now
     */
    PriceBook read(YearMonth month);
}
