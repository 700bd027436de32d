package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.api.subscription.Portal.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One test for each row of the contract's table and each method of it, at each of its spellings. */
class EveryRowTest {
    private static Portal portal;
    private static String merchant;
    private static String m;
    private static String customer;
    private static String product;
    private static String other;
    private static String plan;
    private static String config;
    private static String subscription;
    private static String invoice;

    /**
     * A row.
     *
     * @param key name of the field that one is known by
     * @param change a field and its new value
     * @param after status of a GET after the DELETE
     */
    private record Row(String path, String key, String body, String changed, String to, int after) {
        @Override
        public String toString() {
            return path.replace(merchant, "{m}");
        }
    }

    @BeforeAll
    static void make() {
        portal = new Portal();
        merchant = portal.merchant();
        m = Portal.m(merchant);
        customer = portal.customer(merchant);
        product = portal.product(merchant, Portal.METER);
        other = portal.product(merchant, "volume");
        plan = portal.plan(merchant, product);
        config = portal.config(merchant);
        subscription =
                portal.subscription(merchant, customer, plan, ",\"resource_id\":\"" + Portal.fresh("tenant") + "\"");
        invoice = portal.post(m + "/invoices", "{\"customer_id\":\"" + customer + "\"}")
                .is(202)
                .id();
    }

    private static List<Row> rows() {
        return List.of(
                new Row("/currencies", "name", "{\"name\":\"sek\"}", "title", "Crowns", 404),
                new Row("/languages", "name", "{\"name\":\"sv\"}", "title", "Svenska", 404),
                new Row(
                        "/invoice_states",
                        "name",
                        "{\"name\":\"overdue\",\"title\":\"Overdue\"}",
                        "title",
                        "Late",
                        404),
                new Row(
                        "/merchants",
                        "id",
                        "{\"name\":\"" + Portal.fresh("row") + "\",\"currency\":\"EUR\",\"language\":\"en\"}",
                        "title",
                        "A shop",
                        404),
                new Row(m + "/customers", "id", "{\"name\":\"ben\"}", "title", "Ben & Co", 404),
                new Row(
                        m + "/customers/" + customer + "/payment_methods",
                        "id",
                        "{\"name\":\"card\",\"identifier\":\"4111111111111111\",\"expires\":\"2030-12\",\"provider_config_id\":\""
                                + config + "\"}",
                        "expires",
                        "2031-01",
                        404),
                new Row(
                        m + "/payment_gateway_configurations",
                        "id",
                        "{\"name\":\"second\",\"provider_id\":\"dummy\",\"properties\":{\"url\":\"https://pay.example\"}}",
                        "title",
                        "Second",
                        404),
                new Row(m + "/products", "id", "{\"name\":\"vcpus\"}", "description", "Virtual processors", 404),
                new Row(m + "/plans", "id", "{\"name\":\"plan.xs\"}", "title", "Extra small", 404),
                new Row(
                        m + "/subscriptions",
                        "id",
                        "{\"customer_id\":\"" + customer + "\",\"plan_id\":\"" + plan + "\",\"billing_day\":15}",
                        "resource_id",
                        Portal.fresh("tenant"),
                        200),
                new Row(m + "/invoices", "id", "{\"customer_id\":\"" + customer + "\"}", "tax_percentage", "19", 404),
                new Row(
                        m + "/invoices/" + invoice + "/lines",
                        "id",
                        "{\"description\":\"Setup\",\"quantity\":\"2\",\"price\":\"4.95\"}",
                        "price",
                        "5.05",
                        404),
                new Row(
                        m + "/usage",
                        "id",
                        "{\"subscription_id\":\"" + subscription + "\",\"product_id\":\"" + product
                                + "\",\"measure\":\"hour\",\"value\":\"1\",\"start_timestamp\":\"2026-12-10T12:00:00\","
                                + "\"end_timestamp\":\"2026-12-10T13:00:00\"}",
                        "value",
                        "1.5",
                        404));
    }

    @TestFactory
    Stream<DynamicTest> everyRowHasItsMethods() {
        return rows().stream().map(row -> dynamicTest(row.toString(), () -> methods(row)));
    }

    private static void methods(Row row) {
        // POST
        Reply made = portal.post(row.path(), row.body()).is(202);
        String one = row.path() + "/" + made.text(row.key());
        // GET
        assertThat(portal.get(one).is(200).json()).isEqualTo(made.json());
        assertThat(portal.get(row.path()).is(200).json()).contains(made.json());
        assertThat(portal.get("/v2" + row.path() + "/").is(200).each(row.key())).contains(made.text(row.key()));
        // PATCH
        Reply changed = portal.patch(one, change(row)).is(200);
        assertThat(changed.text(row.changed())).isEqualTo(row.to());
        // PUT of what was answered, as it was
        Reply put = portal.put(one, changed.body()).is(200);
        assertThat(without(put, "updated_at")).isEqualTo(without(changed, "updated_at"));
        // another id
        ObjectNode another = ((ObjectNode) changed.json().deepCopy()).put(row.key(), "zzz");
        Reply refused = portal.put(one, another.toString()).is(400);
        assertThat(refused.text("message")).isEqualTo("Not allowed to change " + row.key());
        // DELETE
        assertThat(portal.delete(one).is(204).body()).isEmpty();
        portal.get(one).is(row.after());
    }

    private static String change(Row row) {
        return "{\"" + row.changed() + "\":\"" + row.to() + "\"}";
    }

    private static ObjectNode without(Reply reply, String field) {
        ObjectNode copy = reply.json().deepCopy();
        copy.remove(field);
        return copy;
    }

    @Test
    void anItemIsMadeByPutReadChangedAndTakenOut() {
        // given
        String path = m + "/plans/" + plan + "/items/" + other;
        // when
        Reply made = portal.put(path, "{\"pricing\":[{\"type\":\"fixed\",\"price\":\"9.90\"}]}")
                .is(200);
        // then
        assertThat(made.text("name")).isEqualTo("volume");
        assertThat(made.json().at("/pricing/0/price").asText()).isEqualTo("9.90");
        assertThat(portal.get(path).is(200).json()).isEqualTo(made.json());
        assertThat(portal.patch(path, "{\"title\":\"Storage\"}").is(200).text("title"))
                .isEqualTo("Storage");
        assertThat(portal.get(m + "/plans/" + plan).json().path("items")).hasSize(2);
        // PUT says all of it anew
        assertThat(portal.put(path, "{}").is(200).text("title")).isNull();
        portal.delete(path).is(204);
        portal.get(path).is(404);
    }

    @Test
    void providersAreThoseOfThePlugIns() {
        // given / when
        Reply providers = portal.get("/payment_gateway_providers").is(200);
        // then
        assertThat(providers.each("name")).containsExactly("dummy");
        assertThat(providers.json().at("/0/methods/0/id").asText()).isEqualTo("creditcard:visa");
        assertThat(portal.get("/payment-gateways?q.field=name&q.op=like&q.value=d%25")
                        .each("id"))
                .containsExactly("dummy");
        assertThat(portal.get("/payment_gateway_providers?q.field=name&q.value=paypal")
                        .json())
                .isEmpty();
    }

    @Test
    void olderSpellingsAreTheSame() {
        // given
        String path = "/merchant/" + merchant;
        List<String> spelled = new ArrayList<>(List.of(
                path + "/payment-gateways",
                path + "/payment-gateway-configurations",
                "/v2" + path + "/customers/" + customer + "/payment-methods",
                "/invoice-states",
                "/v2/invoice-states",
                "/payment-gateway-providers"));
        // when / then
        spelled.forEach(one -> portal.get(one).is(200));
        assertThat(portal.get(path + "/plans").each("id"))
                .isEqualTo(portal.get(m + "/plans").each("id"));
        assertThat(portal.get("/v2/merchants/" + merchant).json())
                .isEqualTo(portal.get("/merchants/" + merchant).json());
    }
}
