package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The price list, and what is written beside products and resources. */
class ProductRoutesTest {
    private static final String PRODUCTS = Resale.BILLING + "/products/";
    private static final String TIERS =
            "[{\"type\": \"volume\", \"mode\": \"graduated\", \"tiers\": [{\"from\": \"100\", \"price\": \"0.04\"},"
                    + " {\"to\": \"100\", \"price\": \"0.05\"}]}]";

    private final Resale resale = new Resale();
    private final String reseller = resale.reseller();

    @BeforeEach
    void asReseller() {
        resale.as(reseller);
    }

    private String metadata(String product) {
        return PRODUCTS + reseller + "." + product + "/metadata/";
    }

    private static String resource(String id) {
        return Resale.BILLING + "/resources/" + id + "/metadata/";
    }

    @Test
    void aProductIsShownWithWhatTheSpecificationNames() {
        // given: one priced by its plan, one by itself
        resale.shop.planOf(reseller, Resale.fresh("plan"), "general.pico", TIERS, "volume.ssd", null);
        resale.shop.execute(
                "update product set pricing = '[{\"type\": \"fixed\", \"price\": \"5\"}, {\"type\": \"volume\","
                        + " \"tiers\": [{\"price\": \"0.00000001\"}]}]', created_at = '2018-12-20T16:19:19Z',"
                        + " properties = '{\"product_code\": \"ssd\", \"billablecategory_slug\": \"volume\","
                        + " \"billableunit_slug\": \"gb-hour\"}' where id = ?",
                reseller + ".volume.ssd");
        // when
        JsonNode products = resale.get(PRODUCTS).is(200).json().get("products");
        // then
        assertThat(products).hasSize(2);
        JsonNode ssd = products.get(0);
        List<String> fields = new ArrayList<>();
        ssd.fieldNames().forEachRemaining(fields::add);
        assertThat(fields)
                .containsExactly(
                        "uuid",
                        "name",
                        "label",
                        "product_code",
                        "billablecategory_slug",
                        "billableunit_slug",
                        "price_per_unit",
                        "metadata",
                        "created_date",
                        "last_updated_date");
        assertThat(ssd.get("name").asText()).isEqualTo("volume.ssd");
        assertThat(ssd.get("product_code").asText()).isEqualTo("ssd");
        assertThat(ssd.get("billableunit_slug").asText()).isEqualTo("gb-hour");
        assertThat(ssd.get("metadata").isNull()).isTrue();
        assertThat(ssd.get("created_date").asText()).isEqualTo("Thu, 20 Dec 2018 16:19:19 GMT");
        assertThat(resale.get(PRODUCTS).body())
                .contains("\"price_per_unit\":0.00000001,")
                .contains("\"price_per_unit\":0.05000000,");
        Resale.Reply first = resale.get(PRODUCTS + "?limit=1");
        assertThat(first.json().get("products")).hasSize(1);
        assertThat(first.headers().get("Link")).contains("limit=1&marker=");
        assertThat(resale.get(PRODUCTS + "?limit=1&marker=" + reseller + ".volume.ssd")
                        .is(200)
                        .json()
                        .at("/products/0/name")
                        .asText())
                .isEqualTo("general.pico");
        resale.get(PRODUCTS + "?limit=0").is(400);
        resale.get(PRODUCTS + "?marker=other").is(400);
    }

    @Test
    void metadataIsReplacedAndClearedAndAnObjectThatCanBeKept() {
        // given
        resale.shop.planOf(reseller, Resale.fresh("plan"), "general.pico", TIERS);
        String path = metadata("general.pico");
        // when / then
        assertThat(resale.put(path, "{\"metadata\":{\"a\":{\"b\":[1.50,\"é\"]}}}")
                        .is(200)
                        .json()
                        .get("metadata")
                        .toString())
                .isEqualTo("{\"a\":{\"b\":[1.5,\"é\"]}}");
        assertThat(resale.put(path, "{\"metadata\":{\"c\":null}}").is(200).body())
                .contains("\"metadata\":{\"c\":null}");
        String digits = "1".repeat(254);
        assertThat(resale.put(path, "{\"metadata\":{\"a\":" + digits + "}}")
                        .is(200)
                        .body())
                .contains("{\"a\":" + digits + "}");
        String longest = "x".repeat(16 * 1024 - "{\"a\":\"\"}".length());
        resale.put(path, "{\"metadata\":{\"a\":\"" + longest + "\"}}").is(200);
        for (String wrong : List.of(
                "{}",
                "[]",
                "{\"metadata\":1}",
                "{\"metadata\":[]}",
                "{\"metadata\":\"{}\"}",
                "{\"metadata\":{\"a\":\"" + longest + "x\"}}",
                "{\"metadata\":{\"a\":\"\\u0000\"}}",
                "{\"metadata\":{\"\\u0000\":1}}",
                "{\"metadata\":{\"a\":[{\"b\":\"\\ud800\"}]}}",
                "{\"metadata\":{\"a\":1e300}}",
                "{\"metadata\":{\"a\":[1e-300]}}",
                "{\"metadata\":{\"a\":1e200000}}",
                "{\"metadata\":{\"a\":1e-200000}}",
                "{\"metadata\":{\"a\":1,\"a\":2}}")) {
            resale.put(path, wrong).is(400);
        }
        assertThat(resale.put(path, "{\"metadata\":null}").is(200).body()).contains("\"metadata\":null");
        resale.put(metadata("nothing"), "{\"metadata\":{}}").is(404);
        resale.as(resale.reseller()).put(path, "{\"metadata\":{}}").is(404);
    }

    @Test
    void aClientsResourceHasMetadataAndAnothersIsAsUnknown() {
        // given: usage that something was told of, and usage that nothing was told of
        String client = resale.client(reseller);
        String plan = Resale.fresh("plan");
        resale.shop.planOf(reseller, plan, "instance", TIERS);
        resale.shop.clock.at("2026-11-03T00:00:00Z");
        resale.shop.subscription(reseller, "s-" + client, client, plan, "2026-10-01T00:00:00Z", 1);
        resale.shop.tie("s-" + client, "t-" + client);
        String product = Resale.fresh("p");
        resale.shop.use("t-" + client, product, "2026-11-02T00:00:00Z", "1");
        String id = "vm-" + product;
        // when
        Resale.Reply written = resale.put(resource(id), "{\"metadata\":{\"cost\":\"7\"}}");
        // then
        assertThat(written.is(200).json().get("reseller_metadata").toString()).isEqualTo("{\"cost\":\"7\"}");
        assertThat(resale.shop.rows("select tenant, metadata from resource_metadata where resource = '" + id + "'"))
                .containsExactly("t-" + client + " {\"cost\": \"7\"}");
        resale.put(resource("object_storage"), "{\"metadata\":{}}").is(400);
        resale.put(resource("nothing"), "{\"metadata\":{}}").is(404);
        resale.put(resource(id), "{\"metadata\":[]}").is(400);
        String other = resale.reseller();
        assertThat(resale.as(other)
                        .put(resource(id), "{\"metadata\":{}}")
                        .is(404)
                        .body())
                .isEqualTo(resale.put(resource("nothing"), "{\"metadata\":{}}").body());
        resale.as(reseller).put(resource(id), "{\"metadata\":null}").is(200);
        assertThat(resale.shop.rows("select * from resource_metadata where resource = '" + id + "'"))
                .isEmpty();
    }
}
