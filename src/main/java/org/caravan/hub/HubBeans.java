package org.caravan.hub;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.document.Accounts;
import org.caravan.ledger.Ledger;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.Rater;

/** What the routes find in the registry, under these names. */
final class HubBeans {
    private HubBeans() {}

    /** A map of its own: more may be put in. */
    static Map<String, Object> of(
            HubConfig config, DataSource ledger, Rater rater, MeterCatalog meters, Accounts accounts, Clock clock) {
        Map<String, Object> beans = new HashMap<>();
        beans.put("clock", clock);
        beans.put("dataSource", ledger);
        beans.put("ledger", new Ledger(ledger, ComponentSettings.ledger(config), clock));
        beans.put("rater", rater);
        beans.put("meters", meters);
        beans.put("metering", ComponentSettings.metering(config));
        beans.put("accounts", accounts);
        beans.put("deliverySettings", ComponentSettings.delivery(config));
        return beans;
    }

    /** Names for people by meter. */
    static Map<String, String> labels(MeterCatalog meters) {
        Map<String, String> labels = new HashMap<>();
        meters.listed().forEach((name, meter) -> {
            if (meter.label() != null) {
                labels.put(name, meter.label());
            }
        });
        return labels;
    }
}
