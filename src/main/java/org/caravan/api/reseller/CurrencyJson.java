package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.caravan.invoice.document.Document;
import org.caravan.reseller.Currencies;
import org.caravan.reseller.Reseller;
import org.caravan.reseller.ResellerCurrency;

/** The currencies of documents that are answered together, where they are not the main one. */
final class CurrencyJson {
    private final Currencies currencies;
    private final Reseller reseller;
    private final Map<String, ResellerCurrency> known = new HashMap<>();

    CurrencyJson(Currencies currencies, Reseller reseller) {
        this.currencies = currencies;
        this.reseller = reseller;
    }

    /** Adds a document's currency, at the rate that it froze. */
    void put(ObjectNode json, Document document) throws SQLException {
        String code = document.currency();
        if (code.equals(document.ratingCurrency())) {
            return;
        }
        if (!known.containsKey(code)) {
            known.put(code, currencies.find(reseller, code).orElseGet(() -> unlisted(code)));
        }
        json.set("currency", CurrencyRoutes.json(known.get(code), document.rate()));
    }

    /** One that customers were given otherwise: it has no id. */
    private ResellerCurrency unlisted(String code) {
        Currency currency = Currency.getInstance(code);
        String label = currency.getDisplayName(Locale.ENGLISH);
        return new ResellerCurrency(
                null, reseller.id(), code, label, label, currency.getSymbol(Locale.ROOT), null, false);
    }
}
