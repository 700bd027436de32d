package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.caravan.invoice.CloseResult;
import org.caravan.invoice.document.Document;
import org.junit.jupiter.api.Test;

/** A reseller's currencies, and what their rates do to bills. */
class CurrencyRoutesTest {
    private static final String CURRENCIES = Resale.BILLING + "/currencies";
    private static final String USAGE =
            "[{\"type\": \"volume\", \"mode\": \"graduated\", \"tiers\": [{\"price\": \"0.05\"}]}]";

    private final Resale resale = new Resale();
    private final String reseller = resale.reseller();

    CurrencyRoutesTest() {
        resale.as(reseller);
    }

    private static String currency(String code, String rate) {
        return "{\"iso_code\":\"" + code + "\",\"label\":\"Dollar\",\"plural_label\":\"Dollars\",\"symbol\":\"$\","
                + "\"exchange_rate\":" + rate + "}";
    }

    @Test
    void theMainCurrencyIsTheLedgersAndThereByItself() {
        // when
        Resale.Reply first = resale.get(CURRENCIES + "/").is(200);
        Resale.Reply second = resale.get(CURRENCIES).is(200);
        // then
        assertThat(first.json()).hasSize(1).isEqualTo(second.json());
        assertThat(first.json().get(0).properties())
                .extracting(field -> field.getKey())
                .containsExactly(
                        "uuid",
                        "reseller_uuid",
                        "iso_code",
                        "label",
                        "plural_label",
                        "symbol",
                        "exchange_rate",
                        "main");
        assertThat(first.json().get(0).get("reseller_uuid").asText()).isEqualTo(reseller);
        assertThat(first.body())
                .contains("\"iso_code\":\"EUR\"")
                .contains("\"exchange_rate\":1.00000000,\"main\":true");
    }

    @Test
    void aCurrencyIsMadeOncePerCodeAndItsRateIsExact() {
        // when
        Resale.Reply made =
                resale.post(CURRENCIES, currency("cad", "0.00000001")).is(200);
        Resale.Reply again = resale.post(CURRENCIES + "/", currency("CAD", "2")).is(409);
        // then
        assertThat(made.body())
                .contains("\"exchange_rate\":0.00000001,\"main\":false")
                .contains("\"iso_code\":\"CAD\"");
        assertThat(again.json().at("/error/code").asInt()).isEqualTo(409);
        resale.post(CURRENCIES, currency("EUR", "1")).is(409);
        assertThat(resale.get(CURRENCIES).each("iso_code")).containsExactly("EUR", "CAD");
        Resale.Reply changed = resale.put(CURRENCIES + "/" + made.text("uuid") + "/", "{\"exchange_rate\": 1.33}")
                .is(200);
        assertThat(changed.body()).contains("\"exchange_rate\":1.33000000,\"main\":false");
    }

    @Test
    void whatIsNoCurrencyOrNoRateIsRefused() {
        // given
        String main = resale.get(CURRENCIES).json().get(0).get("uuid").asText();
        String usd = resale.post(CURRENCIES, currency("USD", "1.08")).is(200).text("uuid");
        for (String body : List.of(
                "[]",
                "{",
                "{}",
                currency("XYZ", "1"),
                currency("XAU", "1"),
                currency("DOLLAR", "1"),
                currency("GBP", "0"),
                currency("GBP", "-1"),
                currency("GBP", "\"x\""),
                currency("GBP", "null"),
                currency("GBP", "true"),
                currency("GBP", "1.123456789"),
                currency("GBP", "1e30"),
                currency("GBP", "2,\"main\":true"),
                currency("GBP", "2,\"main\":\"yes\""),
                "{\"iso_code\":\"GBP\",\"exchange_rate\":1}")) {
            // when / then
            resale.post(CURRENCIES, body).is(400);
        }
        resale.put(CURRENCIES + "/" + main, "{\"exchange_rate\": 2}").is(400);
        resale.put(CURRENCIES + "/" + usd, "{\"exchange_rate\": 0}").is(400);
        resale.put(CURRENCIES + "/" + usd, "{\"exchange_rate\": 2, \"label\": \"x\"}")
                .is(400);
        resale.put(CURRENCIES + "/" + usd, "{}").is(400);
        resale.put(CURRENCIES + "/nothing", "{\"exchange_rate\": 2}").is(404);
        assertThat(resale.get(CURRENCIES).each("iso_code")).containsExactly("EUR", "USD");
        // another reseller's is as unknown
        resale.as(resale.reseller())
                .put(CURRENCIES + "/" + usd, "{\"exchange_rate\": 2}")
                .is(404);
    }

    @Test
    void aRateIsFrozenIntoTheDocumentAndWithoutOneTheAccountAloneIsHeld() {
        // given
        String usd = resale.post(CURRENCIES, currency("USD", "1.08")).is(200).text("uuid");
        String paysUsd = Resale.fresh("usd");
        String paysJpy = Resale.fresh("jpy");
        resale.shop.customer(reseller, paysUsd, "usd");
        resale.shop.customer(reseller, paysJpy, "jpy");
        String plan = Resale.fresh("plan");
        resale.shop.planOf(reseller, plan, "instance", USAGE);
        for (String client : List.of(paysUsd, paysJpy)) {
            resale.shop.subscription(reseller, "s-" + client, client, plan, "2026-10-01T00:00:00Z", 1);
            resale.shop.tie("s-" + client, "t-" + client);
            resale.shop.use("t-" + client, "instance", "2026-10-02T00:00:00Z", "100");
            resale.shop.use("t-" + client, "instance", "2026-11-02T00:00:00Z", "100");
        }
        resale.shop.clock.at("2026-11-03T00:00:00Z");
        String usdAccount = reseller + "/" + paysUsd;
        String jpyAccount = reseller + "/" + paysJpy;
        // when
        CloseResult october = resale.shop.close("2026-10", usdAccount, jpyAccount);
        String issued = resale.shop
                .rows("select body from document where account = '" + usdAccount + "'")
                .get(0);
        resale.put(CURRENCIES + "/" + usd, "{\"exchange_rate\": 2.5}").is(200);
        resale.shop.clock.at("2026-12-03T00:00:00Z");
        resale.shop.close("2026-11", usdAccount);
        // then: 5.00 EUR each
        List<Document> documents = resale.shop.documents(usdAccount);
        assertThat(documents).extracting(d -> d.total().toPlainString()).containsExactly("5.40", "12.50");
        assertThat(documents).extracting(d -> d.rate().toPlainString()).containsExactly("1.08", "2.5");
        String path = Resale.BILLING + "/clients/" + paysUsd;
        assertThat(resale.get(path + "/invoices").is(200).json().path("invoices"))
                .extracting(invoice ->
                        invoice.at("/currency/exchange_rate").decimalValue().toPlainString())
                .containsExactly("2.5", "1.08");
        assertThat(resale.get(path + "/usage")
                        .is(200)
                        .json()
                        .at("/usage/currency/iso_code")
                        .asText())
                .isEqualTo("USD");
        assertThat(resale.shop.rows("select body from document where account = '" + usdAccount + "' order by id"))
                .first()
                .isEqualTo(issued);
        assertThat(october.held())
                .extracting(CloseResult.Held::reason)
                .singleElement()
                .asString()
                .contains(jpyAccount)
                .contains("currency JPY without a 'rate' from the ledger's EUR")
                .contains("the currency to its reseller");
        assertThat(resale.shop.documents(jpyAccount)).isEmpty();
    }
}
