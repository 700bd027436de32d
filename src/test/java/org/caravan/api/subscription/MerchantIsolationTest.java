package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.caravan.api.http.Caller;
import org.caravan.api.http.RoutingTable;
import org.caravan.api.subscription.Portal.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * One test for each route of the table, so that none is forgotten: whoever is not the merchant in the path, or its customer,
 * sees nothing and changes nothing, by the path or by ids in it.
 */
class MerchantIsolationTest {
    private static final String SECRET = "very-secret-name";

    private static Portal portal;

    /** By variable of the paths, a thing of the merchant that is asked for. */
    private static final Map<String, String> THEIRS = new LinkedHashMap<>();

    private static String mine;
    private static String myCustomer;
    private static String theirOtherCustomer;

    @BeforeAll
    static void make() {
        portal = new Portal();
        String merchant = portal.merchant();
        String m = Portal.m(merchant);
        String product = portal.product(merchant, Portal.METER);
        String plan = portal.plan(merchant, product);
        String customer = portal.post(m + "/customers", "{\"name\":\"" + SECRET + "\"}")
                .is(202)
                .id();
        String config = portal.config(merchant);
        String method = portal.post(
                        m + "/customers/" + customer + "/payment_methods",
                        "{\"name\":\"card\",\"identifier\":\"4111111111111111\",\"provider_config_id\":\"" + config
                                + "\"}")
                .is(202)
                .id();
        String subscription =
                portal.subscription(merchant, customer, plan, ",\"resource_id\":\"" + Portal.fresh("tenant") + "\"");
        String usage = portal.post(
                        m + "/usage",
                        "{\"subscription_id\":\"" + subscription + "\",\"product_id\":\"" + product
                                + "\",\"value\":\"7\",\"start_timestamp\":\"2026-12-10T12:00:00Z\","
                                + "\"end_timestamp\":\"2026-12-10T13:00:00Z\"}")
                .is(202)
                .id();
        Reply invoice = portal.post(
                        m + "/invoices",
                        "{\"customer_id\":\"" + customer
                                + "\",\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"price\":\"1\"}],\"state\":\"pending\"}")
                .is(202);
        THEIRS.put("merchant_id", merchant);
        THEIRS.put("product_id", product);
        THEIRS.put("plan_id", plan);
        THEIRS.put("customer_id", customer);
        THEIRS.put("config_id", config);
        THEIRS.put("method_id", method);
        THEIRS.put("subscription_id", subscription);
        THEIRS.put("usage_id", usage);
        THEIRS.put("invoice_id", invoice.id());
        THEIRS.put("line_id", invoice.json().at("/lines/0/id").asText());
        theirOtherCustomer = portal.customer(merchant);
        mine = portal.merchant();
        myCustomer = portal.customer(mine);
    }

    private static String path(RoutingTable.Route route, Map<String, String> ids) {
        String path = route.template();
        for (Map.Entry<String, String> id : ids.entrySet()) {
            path = path.replace("{" + id.getKey() + "}", id.getValue());
        }
        String name = path.startsWith("/languages") ? "en" : path.startsWith("/currencies") ? "eur" : "pending";
        return path.replace("{name}", name);
    }

    private static boolean isBelowMerchant(RoutingTable.Route route) {
        return route.template().startsWith("/merchants/{merchant_id}");
    }

    private static String body(RoutingTable.Route route) {
        return Set.of("POST", "PUT", "PATCH").contains(route.method()) ? "{\"title\":\"taken over\"}" : null;
    }

    /** What the tables hold, but for the times that tell nothing. */
    private static List<String> all() {
        return Stream.of(
                        "merchant",
                        "product",
                        "plan",
                        "plan_item",
                        "customer",
                        "payment_config",
                        "payment_method",
                        "subscription",
                        "manual_invoice",
                        "manual_invoice_line",
                        "currency")
                .flatMap(table -> Portal.rows("select t::text from " + table + " t order by 1").stream())
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> noRouteShowsOrChangesAnythingOfAnotherMerchant() {
        return portal.table().routes().stream()
                .map(route -> dynamicTest(route.method() + " " + route.template(), () -> isolated(route)));
    }

    private static void isolated(RoutingTable.Route route) {
        // given
        List<String> before = all();
        Map<String, String> foreignIds = new LinkedHashMap<>(THEIRS);
        foreignIds.put("merchant_id", mine);
        // when / then: whoever shows nothing
        portal.caller = null;
        assertThat(portal.send(route.method(), path(route, THEIRS), body(route)).status())
                .isEqualTo(401);
        // another merchant, and a customer of it
        for (boolean customer : new boolean[] {false, true}) {
            if (customer) {
                portal.asCustomer(myCustomer);
            } else {
                portal.asMerchant(mine);
            }
            Reply reply = portal.send(route.method(), path(route, THEIRS), body(route));
            if (isBelowMerchant(route)) {
                assertThat(reply.status()).as(reply.body()).isIn(customer ? List.of(403, 404) : refusal(route));
            }
            assertThat(reply.body()).doesNotContain(SECRET);
            // the other's things below its own merchant: a list is empty of them, one is not there
            if (!needsTheirs(route) && !route.method().equals("GET")) {
                continue;
            }
            Reply own = portal.send(route.method(), path(route, foreignIds), body(route));
            assertThat(own.body()).doesNotContain(SECRET);
            if (isBelowMerchant(route) && needsTheirs(route)) {
                assertThat(own.status()).as(own.body()).isIn(400, 403, 404);
                if (route.method().equals("GET") || route.method().equals("DELETE")) {
                    assertThat(own.status()).as(own.body()).isIn(403, 404);
                }
            }
        }
        // a token of Keystone that is no customer's, whatever its roles are called
        portal.caller = new Caller("eve", "p1", Set.of("reader", "member"), Caller.Kind.KEYSTONE);
        assertThat(portal.send(route.method(), path(route, THEIRS), body(route)).status())
                .isEqualTo(403);
        // a customer of the right merchant, who is another one
        portal.asCustomer(theirOtherCustomer);
        Reply neighbour = portal.send(route.method(), path(route, THEIRS), body(route));
        assertThat(neighbour.body()).as(route.template()).doesNotContain(SECRET).doesNotContain("1111");
        portal.asOperator();
        assertThat(all()).as("after " + route.method() + " " + route.template()).isEqualTo(before);
    }

    private static List<Integer> refusal(RoutingTable.Route route) {
        // making and removing merchants is for operators, whoever asks
        return route.template().equals("/merchants/{merchant_id}")
                        && route.method().equals("DELETE")
                ? List.of(403)
                : List.of(404);
    }

    /** True if the path names something beside the merchant. */
    private static boolean needsTheirs(RoutingTable.Route route) {
        return route.template().replace("{merchant_id}", "").contains("{");
    }

    /** The other test would pass on a hub that shows nobody anything. */
    @Test
    void eachSeesItsOwn() {
        for (RoutingTable.Route route : portal.table().routes()) {
            if (route.method().equals("GET")) {
                // given / when / then
                assertThat(portal.asMerchant(THEIRS.get("merchant_id"))
                                .get(path(route, THEIRS))
                                .status())
                        .as(route.template())
                        .isEqualTo(200);
                int status = portal.asCustomer(THEIRS.get("customer_id"))
                        .get(path(route, THEIRS))
                        .status();
                assertThat(status)
                        .as(route.template())
                        .isEqualTo(route.template().contains("payment_gateway_configurations") ? 403 : 200);
            }
        }
        assertThat(portal.asMerchant(mine).get("/merchants").each("id")).containsExactly(mine);
        assertThat(portal.asCustomer(myCustomer).get("/merchants").each("id")).containsExactly(mine);
        assertThat(portal.asCustomer(theirOtherCustomer)
                        .get(Portal.m(THEIRS.get("merchant_id")) + "/customers")
                        .each("id"))
                .containsExactly(theirOtherCustomer);
        portal.asOperator();
    }

    @Test
    void aCustomerNamesNoOthersThings() {
        // given
        String merchant = THEIRS.get("merchant_id");
        portal.asCustomer(theirOtherCustomer);
        String subscriptions = Portal.m(merchant) + "/subscriptions";
        // when / then
        Reply others = portal.post(
                subscriptions,
                "{\"customer_id\":\"" + THEIRS.get("customer_id") + "\",\"plan_id\":\"" + THEIRS.get("plan_id")
                        + "\"}");
        assertThat(others.is(400).json().path("errors").has("customer_id")).isTrue();
        Reply own = portal.post(
                        subscriptions,
                        "{\"customer_id\":\"" + theirOtherCustomer + "\",\"plan_id\":\"" + THEIRS.get("plan_id")
                                + "\"}")
                .is(202);
        // a tenant is tied by the merchant alone, else anybody's usage could be looked at
        assertThat(portal.patch(subscriptions + "/" + own.id(), "{\"resource\":\"t-of-somebody\"}")
                        .is(403)
                        .type())
                .isEqualTo("forbidden");
        portal.patch(subscriptions + "/" + own.id(), "{\"billing_day\":3}").is(200);
        portal.patch(subscriptions + "/" + own.id(), "{\"payment_method_id\":\"" + THEIRS.get("method_id") + "\"}")
                .is(400);
        assertThat(portal.patch(Portal.m(merchant) + "/customers/" + theirOtherCustomer, "{\"currency\":\"nzd\"}")
                        .status())
                .isEqualTo(403);
        portal.patch(Portal.m(merchant) + "/customers/" + theirOtherCustomer, "{\"title\":\"Me\"}")
                .is(200);
        portal.post(
                        Portal.m(merchant) + "/customers/" + THEIRS.get("customer_id") + "/payment_methods",
                        "{\"name\":\"card\",\"identifier\":\"x\",\"provider_config_id\":\"" + THEIRS.get("config_id")
                                + "\"}")
                .is(404);
        // things of another merchant are no things
        portal.asMerchant(mine);
        portal.post(
                        Portal.m(mine) + "/subscriptions",
                        "{\"customer_id\":\"" + myCustomer + "\",\"plan_id\":\"" + THEIRS.get("plan_id") + "\"}")
                .is(400);
        portal.post(
                        Portal.m(mine) + "/plans",
                        "{\"name\":\"p\",\"items\":[{\"product_id\":\"" + THEIRS.get("product_id") + "\"}]}")
                .is(400);
        portal.patch(Portal.m(mine), "{\"default_gateway\":\"" + THEIRS.get("config_id") + "\"}")
                .is(400);
        portal.asOperator();
    }
}
