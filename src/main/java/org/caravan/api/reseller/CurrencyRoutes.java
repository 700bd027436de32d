package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.reseller.Currencies;
import org.caravan.reseller.Reseller;
import org.caravan.reseller.ResellerCurrency;

/** A reseller's currencies and their rates. */
final class CurrencyRoutes {
    private static final String RATE = "exchange_rate";
    private static final int LONGEST = 255;

    private final Currencies currencies;

    CurrencyRoutes(ResellerBackend backend) {
        this.currencies = new Currencies(backend.ledger(), backend.currency(), backend.clock());
    }

    void addTo(ResellerRoutes routes) {
        routes.add(ResellerCall.CURRENCIES, this::list)
                .add(ResellerCall.CREATE_CURRENCY, this::create)
                .add(ResellerCall.CHANGE_RATE, this::change);
    }

    private Answer list(Request request, Reseller reseller) throws SQLException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        currencies.of(reseller).forEach(currency -> all.add(json(currency)));
        return ResellerJson.answer(all);
    }

    private Answer create(Request request, Reseller reseller) throws SQLException {
        ObjectNode body = ResellerBody.object(request);
        ResellerCurrency wanted = new ResellerCurrency(
                null,
                null,
                text(body, "iso_code"),
                text(body, "label"),
                text(body, "plural_label"),
                text(body, "symbol"),
                rate(body),
                ResellerBody.flag(body, "main"));
        return ResellerJson.answer(json(currencies.create(reseller, wanted)));
    }

    private Answer change(Request request, Reseller reseller) throws SQLException {
        ObjectNode body = ResellerBody.object(request, Set.of(RATE));
        return ResellerJson.answer(json(currencies.change(reseller, request.variable("currency_id"), rate(body))));
    }

    private static String text(ObjectNode body, String field) {
        String text = ResellerBody.text(body, field, LONGEST);
        if (text == null || text.isBlank()) {
            throw new ApiError(400, field + " is needed.");
        }
        return text;
    }

    private static BigDecimal rate(ObjectNode body) {
        BigDecimal rate = ResellerBody.decimal(body, RATE);
        if (rate == null) {
            throw new ApiError(400, RATE + " is needed.");
        }
        return rate;
    }

    private static ObjectNode json(ResellerCurrency currency) {
        return json(currency, currency.rate());
    }

    /** A currency as it was when a document was made of it. */
    static ObjectNode json(ResellerCurrency currency, BigDecimal rate) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("uuid", currency.id())
                .put("reseller_uuid", currency.reseller())
                .put("iso_code", currency.isoCode())
                .put("label", currency.label())
                .put("plural_label", currency.pluralLabel())
                .put("symbol", currency.symbol());
        json.set(RATE, ResellerJson.fixed(rate));
        return json.put("main", currency.main());
    }
}
