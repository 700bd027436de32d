package org.caravan.hub;

import java.time.Clock;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorPrices;
import org.caravan.invoice.cost.CostPrices;
import org.caravan.rating.cost.PriceSource;
import org.caravan.rating.cost.RatesFile;

/** Where the prices of meters with {@code pricing: cost} are kept, as the configuration says it. */
final class CostSource {
    private CostSource() {}

    /**
     * Reads a rates file at once; an ERP is not asked before a month needs it.
     *
     * @param currency the ledger's
     * @throws UserError if it is said twice, or can't be used
     */
    static CostPrices of(HubConfig config, String currency, Clock clock) {
        PriceSource rates = config.find(Settings.COST_RATES).map(RatesFile::new).orElse(null);
        PriceSource erp = config.find(Settings.COST_CONNECTOR)
                .map(name -> ConnectorPrices.of(config.get(Settings.CONNECTORS), name, config.camel()::get))
                .orElse(null);
        if (rates != null && erp != null) {
            throw new UserError(config.where(Settings.COST_CONNECTOR.key()) + "and " + Settings.COST_RATES.key()
                    + " both say where prices are; leave one of them out");
        }
        return new CostPrices(rates != null ? rates : erp, currency, config.get(Settings.COST_RECHECK), clock);
    }
}
