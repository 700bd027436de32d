package org.caravan.invoice.erp.openerp;

import java.util.Map;
import org.caravan.invoice.PricesElsewhere;
import org.caravan.rating.cost.PriceSource;

/** Prices that Odoo keeps: what {@code openerp-sink} names in {@code caravan/prices}. */
public final class OpenErpPriceList implements PricesElsewhere {
    @Override
    public PriceSource open(Map<String, String> settings) {
        return new OpenErpPrices(OpenErpSettings.of(settings), PriceSettings.of(settings));
    }
}
