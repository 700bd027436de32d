package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.caravan.api.subscription.Portal.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Payment configurations and methods: their states, and what is never shown, kept or logged. */
class PaymentTest {
    private static final String CARD = "4111111111111111";

    private static Portal portal;
    private static String m;
    private static String merchant;
    private static String customer;
    private static String methods;

    @BeforeAll
    static void make() {
        portal = new Portal();
        merchant = portal.merchant();
        m = Portal.m(merchant);
        customer = portal.customer(merchant);
        methods = m + "/customers/" + customer + "/payment_methods";
    }

    private static String method(String config, String identifier, String more) {
        return "{\"name\":\"card\",\"identifier\":\"" + identifier + "\",\"provider_config_id\":\"" + config + "\""
                + more + "}";
    }

    /** All that is kept about payments. */
    private static List<String> kept() {
        return Portal.rows("select t::text from payment_method t union all select t::text from payment_config t");
    }

    @Test
    void aCardNumberGoesToThePlugInAndIsForgotten() {
        // given
        String config = portal.config(merchant);
        // when
        Reply made = portal.post(methods, method(config, "4111 1111 1111 1111", ",\"expires\":\"2030-12\""))
                .is(202);
        // then
        assertThat(made.text("identifier")).isEqualTo("************1111");
        assertThat(made.text("state")).isEqualTo("ACTIVE");
        assertThat(portal.get(methods).each("identifier")).contains("************1111");
        assertThat(String.join(" ", kept())).doesNotContain("411111").doesNotContain("1111 1111");
        // what is no card is masked, too
        Reply token = portal.post(methods, method(config, "tok_9f8e7d6c", "")).is(202);
        assertThat(token.text("identifier")).isEqualTo("********7d6c");
        // sent back as it was shown, nothing changes
        portal.put(methods + "/" + made.id(), made.body()).is(200);
        portal.patch(methods + "/" + made.id(), "{\"identifier\":\"5555555555554444\"}")
                .is(400);
    }

    @Test
    void cardDataInOtherPlacesIsRefusedAndNotRepeated() {
        // given
        String config = portal.config(merchant);
        int before = kept().size();
        // when / then
        for (String more : List.of(
                ",\"properties\":{\"cvv\":\"737\"}",
                ",\"properties\":{\"security_code\":737}",
                ",\"properties\":{\"note\":\"" + CARD + "\"}",
                ",\"properties\":{\"number\":" + CARD + "}",
                ",\"expires\":\"" + CARD + "\"")) {
            Reply refused = portal.post(methods, method(config, "tok_1", more)).is(400);
            assertThat(refused.type()).isEqualTo("invalid_object");
            assertThat(refused.body()).doesNotContain(CARD).doesNotContain("737");
        }
        Reply named = portal.post(methods, method(config, "tok_1", "").replace("\"card\"", "\"" + CARD + "\""))
                .is(400);
        assertThat(named.body()).doesNotContain(CARD);
        // a body that can't be read, or has what is unknown, is not repeated either
        assertThat(portal.post(methods, "{\"" + CARD + "\":1}").is(400).text("type"))
                .isEqualTo("invalid_object");
        assertThat(portal.post(methods, "{\"identifier\":" + CARD + "}").is(400).body())
                .doesNotContain(CARD);
        assertThat(portal.post(methods, "{\"identifier\":\"" + CARD).is(400).body())
                .doesNotContain(CARD);
        assertThat(kept()).hasSize(before);
    }

    @Test
    void secretsOfAConfigurationAreNeverShown() {
        // given
        String configs = m + "/payment_gateway_configurations";
        // when
        Reply made = portal.post(
                        configs,
                        "{\"name\":\"gw\",\"provider_id\":\"dummy\",\"properties\":{\"url\":\"https://pay.example\",\"api_key\":\"k-12345\",\"Password\":\"hush-hush\"}}")
                .is(202);
        // then
        assertThat(made.text("state")).isEqualTo("ACTIVE");
        assertThat(made.json().at("/properties/url").asText()).isEqualTo("https://pay.example");
        assertThat(made.json().at("/properties/api_key").asText()).isEqualTo("********");
        Reply back = portal.put(configs + "/" + made.id(), made.body()).is(200);
        assertThat(back.body()).doesNotContain("k-12345").doesNotContain("hush-hush");
        assertThat(portal.get(configs).body()).doesNotContain("k-12345").doesNotContain("hush-hush");
        assertThat(String.join(" ", kept())).doesNotContain("k-12345").doesNotContain("hush-hush");
        portal.post(configs, "{\"name\":\"x\",\"provider_id\":\"paypal\"}").is(400);
    }

    @Test
    void whatThePlugInRefusesIsInvalidUntilItIsChanged() {
        // given
        String configs = m + "/payment_gateway_configurations";
        // when
        Reply made = portal.post(
                        configs, "{\"name\":\"no\",\"provider_id\":\"dummy\",\"properties\":{\"refuse\":true}}")
                .is(202);
        // then
        assertThat(made.text("state")).isEqualTo("INVALID");
        Reply mended = portal.patch(configs + "/" + made.id(), "{\"properties\":{\"refuse\":null}}")
                .is(200);
        assertThat(mended.text("state")).isEqualTo("ACTIVE");
        assertThat(mended.json().path("properties")).isEmpty();
        Reply method = portal.post(methods, method(made.id(), "tok_1", ",\"properties\":{\"refuse\":true}"))
                .is(202);
        assertThat(method.text("state")).isEqualTo("INVALID");
    }

    @Test
    void whatIsStillNeededIsNotTakenAway() {
        // given
        String config = portal.config(merchant);
        String plan = portal.plan(merchant);
        String card = portal.post(methods, method(config, CARD, "")).is(202).id();
        String subscription = portal.subscription(merchant, customer, plan, ",\"payment_method_id\":\"" + card + "\"");
        portal.patch(m, "{\"default_gateway\":\"" + config + "\"}").is(200);
        // when / then
        assertThat(portal.delete(methods + "/" + card).is(409).type()).isEqualTo("in_use");
        assertThat(portal.delete(m + "/payment_gateway_configurations/" + config)
                        .is(409)
                        .type())
                .isEqualTo("in_use");
        portal.delete(m + "/subscriptions/" + subscription).is(204);
        portal.delete(methods + "/" + card).is(204);
        assertThat(portal.get(m + "/subscriptions/" + subscription).text("payment_method_id"))
                .isNull();
        portal.patch(m, "{\"default_gateway\":null}").is(200);
        portal.delete(m + "/payment_gateway_configurations/" + config).is(204);
    }

    @Test
    void nothingSecretIsLogged() {
        // given
        String config = portal.config(merchant);
        List<String> lines = LogLines.during(Level.ALL, () -> {
            // when
            portal.post(methods, method(config, CARD, "")).is(202);
            portal.post(methods, method(config, CARD, ",\"properties\":{\"cvv\":\"999737\"}"))
                    .is(400);
            portal.post(methods, method("nothing", CARD, "")).is(400);
            portal.post(
                            m + "/payment_gateway_configurations",
                            "{\"name\":\"" + Portal.fresh("s")
                                    + "\",\"provider_id\":\"dummy\",\"properties\":{\"secret\":\"hush-hush\"}}")
                    .is(202);
        });
        // then
        assertThat(String.join("\n", lines))
                .doesNotContain(CARD)
                .doesNotContain("999737")
                .doesNotContain("hush-hush");
    }
}
