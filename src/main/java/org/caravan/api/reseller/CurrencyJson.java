package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import org.caravan.invoice.document.Document;
import org.caravan.reseller.Reseller;

/** The currency of a document, where it is not the main one. */
final class CurrencyJson {
    private final ResellerBackend backend;

    CurrencyJson(ResellerBackend backend) {
        this.backend = backend;
    }

    /** Adds it with the rate that the document froze. */
    void put(ObjectNode json, Reseller reseller, Document document) throws SQLException {
        if (document.currency().equals(document.ratingCurrency())) {
            return;
        }
        ObjectNode currency = json.putObject("currency")
                .put("iso_code", document.currency())
                .put("reseller_uuid", reseller.id())
                .put("main", false);
        currency.set("exchange_rate", ResellerJson.fixed(document.rate()));
    }
}
