package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.caravan.api.subscription.Portal.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may become of merchants' things, and how it is refused. */
class SubscriptionRulesTest {
    private final Portal portal = new Portal();
    private String merchant;
    private String m;
    private String customer;
    private String product;
    private String plan;

    @BeforeEach
    void make() {
        merchant = portal.merchant();
        m = Portal.m(merchant);
        customer = portal.customer(merchant);
        product = portal.product(merchant, Portal.METER);
        plan = portal.plan(merchant, product);
    }

    @Test
    void theExampleOfTheContractIsAnsweredAsWritten() {
        // given / when
        Reply made = portal.post(
                        m + "/subscriptions",
                        "{\"customer_id\":\"" + customer + "\",\"plan_id\":\"" + plan + "\",\"billing_day\":15}")
                .is(202);
        // then
        assertThat(made.json().path("resource_id").isNull()).isTrue();
        assertThat(made.json().path("resource_type").isNull()).isTrue();
        assertThat(made.json().path("billing_day").asInt()).isEqualTo(15);
        assertThat(made.json().path("payment_method_id").isNull()).isTrue();
        assertThat(made.text("customer_title")).isEqualTo("A buyer");
        assertThat(made.text("plan_name")).startsWith("plan-");
        String tenant = Portal.fresh("tenant");
        Reply tied = portal.patch(
                        m + "/subscriptions/" + made.id(),
                        "{\"resource_id\":\"" + tenant + "\",\"resource_type\":\"tenant\"}")
                .is(200);
        assertThat(tied.text("resource_id")).isEqualTo(tenant);
        assertThat(tied.text("tied_from")).isEqualTo(made.text("created_at"));
        // once more, also under its other name
        portal.patch(m + "/subscriptions/" + made.id(), "{\"resource\":\"" + tenant + "\"}")
                .is(200);
    }

    @Test
    void aBillingDayIsTodaysUnlessSaidAndOneThereIs() {
        // given / when / then
        String today = portal.subscription(merchant, customer, plan, "");
        assertThat(portal.get(m + "/subscriptions/" + today)
                        .json()
                        .path("billing_day")
                        .asInt())
                .isEqualTo(10);
        portal.subscription(merchant, customer, plan, ",\"billing_day\":31");
        for (String day : List.of("0", "32", "-1", "\"x\"", "1.5", "null")) {
            Reply refused = portal.patch(m + "/subscriptions/" + today, "{\"billing_day\":" + day + "}")
                    .is(400);
            assertThat(refused.type()).isEqualTo("invalid_object");
            assertThat(refused.json().path("errors").has("billing_day")).isTrue();
        }
    }

    @Test
    void aResourceIsOneOpenSubscriptionsAndItsUsageIsClaimedOnce() {
        // given
        String tenant = Portal.fresh("tenant");
        String first = portal.subscription(merchant, customer, plan, ",\"resource_id\":\"" + tenant + "\"");
        portal.later(Duration.ofHours(1));
        String second = portal.subscription(merchant, customer, plan, "");
        // when / then
        Reply taken = portal.patch(m + "/subscriptions/" + second, "{\"resource_id\":\"" + tenant + "\"}")
                .is(409);
        assertThat(taken.type()).isEqualTo("duplicate");
        assertThat(taken.body()).doesNotContain(first);
        int before = portal.get(m + "/subscriptions").json().size();
        portal.post(
                        m + "/subscriptions",
                        "{\"customer_id\":\"" + customer + "\",\"plan_id\":\"" + plan + "\",\"resource_id\":\"" + tenant
                                + "\"}")
                .is(409);
        assertThat(portal.get(m + "/subscriptions").json()).hasSize(before);
        portal.later(Duration.ofDays(40));
        portal.delete(m + "/subscriptions/" + first).is(204);
        portal.delete(m + "/subscriptions/" + first).is(204);
        Reply ended = portal.get(m + "/subscriptions/" + first).is(200);
        assertThat(ended.text("ended_at")).isEqualTo(portal.now.toString());
        Reply tied = portal.patch(m + "/subscriptions/" + second, "{\"resource_id\":\"" + tenant + "\"}")
                .is(200);
        // not from its own creation on: until then it was another one's
        assertThat(tied.text("tied_from")).isGreaterThanOrEqualTo(ended.text("ended_at"));
        portal.patch(m + "/subscriptions/" + second, "{\"resource_id\":\"another\",\"billing_day\":99}")
                .is(400);
        assertThat(portal.patch(m + "/subscriptions/" + first, "{\"billing_day\":3}")
                        .is(409)
                        .type())
                .isEqualTo("in_use");
    }

    @Test
    void whatIsBilledByIsNotRemovedAndWhatWasIsHidden() {
        // given
        String subscription = portal.subscription(merchant, customer, plan, "");
        // when / then
        for (String path : List.of(m, m + "/customers/" + customer, m + "/plans/" + plan, m + "/products/" + product)) {
            assertThat(portal.delete(path).is(409).type()).as(path).isEqualTo("in_use");
            portal.get(path).is(200);
        }
        portal.delete(m + "/subscriptions/" + subscription).is(204);
        portal.delete(m + "/plans/" + plan).is(204);
        portal.delete(m + "/products/" + product).is(204);
        String name = portal.get(m + "/customers/" + customer).text("name");
        portal.delete(m + "/customers/" + customer).is(204);
        portal.get(m + "/customers/" + customer).is(404);
        portal.get(m + "/customers/" + customer + "/payment_methods").is(404);
        // the name is free again; documents tell the two apart
        Reply again =
                portal.post(m + "/customers", "{\"name\":\"" + name + "\"}").is(202);
        assertThat(again.text("account")).endsWith("/" + name + " (2)");
        // still there to be billed
        assertThat(portal.get(m + "/subscriptions/" + subscription).text("customer_name"))
                .isEqualTo(name);
        portal.delete(m).is(204);
        portal.get(m).is(404);
        portal.get(m + "/plans").is(404);
    }

    @Test
    void namesAreUniqueWithinAMerchant() {
        // given
        String other = Portal.m(portal.merchant());
        // when / then
        for (String kind : List.of("products", "plans", "customers")) {
            portal.post(m + "/" + kind, "{\"name\":\"same\"}").is(202);
            assertThat(portal.post(m + "/" + kind, "{\"name\":\"same\"}")
                            .is(409)
                            .type())
                    .isEqualTo("duplicate");
            portal.post(other + "/" + kind, "{\"name\":\"same\"}").is(202);
        }
        assertThat(portal.post("/currencies", "{\"name\":\"EUR\"}").is(409).type())
                .isEqualTo("duplicate");
    }

    @Test
    void everyFieldThatIsWrongIsNamed() {
        // given / when
        Reply refused = portal.post(
                        m + "/customers",
                        "{\"title\":\"" + "x".repeat(61) + "\",\"currency\":5,\"colour\":\"red\",\"merchant_id\":\""
                                + merchant + "\"}")
                .is(400);
        // then
        assertThat(refused.type()).isEqualTo("invalid_object");
        assertThat(refused.json().path("code").asInt()).isEqualTo(400);
        List<String> fields = new java.util.ArrayList<>();
        refused.json().path("errors").fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsExactlyInAnyOrder("name", "title", "currency", "colour", "merchant_id");
        for (String body : List.of("", "[]", "\"x\"", "{", "{\"name\":\"a\",\"name\":\"b\"}", "null")) {
            assertThat(portal.post(m + "/customers", body).is(400).type())
                    .as(body)
                    .isEqualTo("bad_request");
        }
        assertThat(portal.post("/merchants", "{\"name\":\"x\",\"currency\":\"xxl\",\"language\":\"en\"}")
                        .is(400)
                        .json()
                        .path("errors")
                        .has("currency"))
                .isTrue();
        portal.post("/currencies", "{\"name\":\"bitcoin\"}").is(400);
        assertThat(portal.post("/languages", "{\"name\":\"nor\"}").is(202).text("title"))
                .isEqualTo("Norwegian");
        assertThat(portal.get("/merchants/x/customers").is(404).type()).isEqualTo("not_found");
        assertThat(portal.get(m + "/nothing").is(404).type()).isEqualTo("not_found");
        assertThat(portal.send("POST", m, "{}").is(405).type()).isEqualTo("method_not_allowed");
        assertThat(portal.get(m + "/customers/" + customer + "?x=1").is(400).type())
                .isEqualTo("bad_request");
    }

    @Test
    void contactsAreReplacedAsAListAndKeepTheirIds() {
        // given
        String path = m + "/customers/" + customer;
        Reply two = portal.patch(
                        path,
                        "{\"contact_info\":[{\"first_name\":\"Ann\",\"email\":\"a@x.example\"},{\"company\":\"Ben Ltd\"}]}")
                .is(200);
        String ann = two.json().at("/contact_info/0/id").asText();
        String ben = two.json().at("/contact_info/1/id").asText();
        // when / then
        assertThat(two.text("default_info")).isEqualTo(ann);
        Reply chosen = portal.patch(path, "{\"default_info\":\"" + ben + "\"}").is(200);
        assertThat(portal.put(path, chosen.body()).is(200).json().path("contact_info"))
                .isEqualTo(chosen.json().path("contact_info"));
        Reply one = portal.patch(path, "{\"contact_info\":[{\"id\":\"" + ann + "\",\"first_name\":\"Anna\"}]}")
                .is(200);
        assertThat(one.text("default_info")).isEqualTo(ann);
        assertThat(one.json().at("/contact_info/0/first_name").asText()).isEqualTo("Anna");
        portal.patch(path, "{\"default_info\":\"" + ben + "\"}").is(400);
        portal.patch(path, "{\"contact_info\":[{\"fax\":\"1\"}]}").is(400);
        assertThat(portal.get(path).json().path("contact_info")).hasSize(1);
        assertThat(one.text("currency")).isEqualTo("eur");
    }

    @Test
    void propertiesKeepTheirTypesAndAreMerged() {
        // given
        String path = m + "/products/" + product;
        // when
        portal.patch(path, "{\"properties\":{\"resource\":\"instance_id\",\"n\":3,\"x\":1.15,\"yes\":true}}")
                .is(200);
        Reply merged =
                portal.patch(path, "{\"properties\":{\"n\":4,\"yes\":null}}").is(200);
        // then
        assertThat(merged.json().path("properties").toString())
                .isEqualTo("{\"n\":4,\"x\":1.15,\"measure\":\"hour\",\"resource\":\"instance_id\"}");
        portal.patch(path, "{\"properties\":{\"n\":1e300}}").is(400);
        portal.patch(path, "{\"properties\":{\"deep\":{}}}").is(400);
        portal.patch(path, "{\"properties\":[1]}").is(400);
    }

    @Test
    void anItemsPricingGoesBeforeItsProducts() {
        // given
        portal.patch(m + "/products/" + product, "{\"title\":\"Instances\",\"type\":\"fixed\",\"price\":\"5.00\"}")
                .is(200);
        String item = m + "/plans/" + plan + "/items/" + product;
        // when / then
        assertThat(portal.get(item).json().at("/pricing/0/price").asText()).isEqualTo("5.00");
        assertThat(portal.get(item).text("title")).isEqualTo("Instances");
        portal.patch(item, "{\"type\":\"volume\",\"pricing\":[{\"start\":null,\"end\":\"10\",\"price\":\"0.1\"}]}")
                .is(200);
        assertThat(portal.get(m + "/plans/" + plan)
                        .json()
                        .at("/items/0/pricing/0/tiers/0/to")
                        .asText())
                .isEqualTo("10");
        portal.patch(item, "{\"pricing\":null}").is(200);
        assertThat(portal.get(item).json().at("/pricing/0/price").asText()).isEqualTo("5.00");
        // by time of day only where usage is told apart by it
        assertThat(portal.patch(item, "{\"pricing\":[{\"type\":\"time\",\"price\":\"1\"}]}")
                        .is(400)
                        .text("message"))
                .contains("bands");
        String banded = portal.product(merchant, "banded");
        portal.put(m + "/plans/" + plan + "/items/" + banded, "{\"pricing\":[{\"type\":\"time\",\"price\":\"1\"}]}")
                .is(200);
        portal.patch(m + "/products/" + product, "{\"name\":\"renamed\"}").is(409);
        // a plan's items as a list
        Reply plans = portal.patch(
                        m + "/plans/" + plan, "{\"items\":[{\"product_id\":\"" + banded + "\",\"title\":\"T\"}]}")
                .is(200);
        assertThat(plans.json().path("items")).hasSize(1);
        portal.patch(m + "/plans/" + plan, "{\"items\":[{\"product_id\":\"nothing\"}]}")
                .is(400);
    }

    @Test
    void manyAtOnceMakeOneOfEachNameAndTieAResourceOnce() throws Exception {
        // given
        String tenant = Portal.fresh("tenant");
        List<String> open = IntStream.range(0, 6)
                .mapToObj(i -> portal.subscription(merchant, customer, plan, ""))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            // when
            List<Callable<Integer>> work = open.stream()
                    .map(id -> (Callable<Integer>)
                            () -> portal.patch(m + "/subscriptions/" + id, "{\"resource_id\":\"" + tenant + "\"}")
                                    .status())
                    .toList();
            List<Integer> tied = new java.util.ArrayList<>();
            for (Future<Integer> one : threads.invokeAll(work)) {
                tied.add(one.get());
            }
            List<Callable<Integer>> names = IntStream.range(0, 6)
                    .mapToObj(i -> (Callable<Integer>) () ->
                            portal.post(m + "/plans", "{\"name\":\"at-once\"}").status())
                    .toList();
            List<Integer> made = new java.util.ArrayList<>();
            for (Future<Integer> one : threads.invokeAll(names)) {
                made.add(one.get());
            }
            // then
            assertThat(tied).containsOnlyOnce(200).containsOnly(200, 409);
            assertThat(made).containsOnlyOnce(202).containsOnly(202, 409);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anOrderWithItsProjectsIsMadeOnceByItsKey() {
        // given
        String body = "{\"customer_id\":\"" + customer + "\",\"plan_id\":\"" + plan + "\",\"user_id\":\"u-ann\"}";
        String path = m + "/subscriptions?provision=true";
        Map<String, String> key = Map.of("idempotency-key", "order-1");
        // when
        Reply made = portal.send("POST", path, body, key).is(202);
        Reply again = portal.send("POST", path, body, key).is(202);
        // then
        assertThat(again.json()).isEqualTo(made.json());
        assertThat(made.text("provisioning_state")).isEqualTo("new");
        assertThat(portal.get(m + "/subscriptions").json()).hasSize(1);
        String other = portal.customer(merchant);
        assertThat(portal.send("POST", path, body.replace(customer, other), key)
                        .is(409)
                        .type())
                .isEqualTo("duplicate");
        // the same key of another merchant is another key
        String elsewhere = portal.merchant();
        String theirs = portal.customer(elsewhere);
        portal.send(
                        "POST",
                        Portal.m(elsewhere) + "/subscriptions?provision=true",
                        body.replace(customer, theirs).replace(plan, portal.plan(elsewhere)),
                        key)
                .is(202);
        portal.post(path, body.replace(",\"user_id\":\"u-ann\"", "")).is(400);
        portal.post(path, body.replace("}", ",\"resource_id\":\"t\"}")).is(400);
        portal.post(m + "/subscriptions?provision=maybe", body).is(400);
        portal.post(m + "/subscriptions", body).is(400);
        // a customer makes projects for itself alone: its token is user u1's
        portal.asCustomer(customer);
        portal.post(path, body).is(403);
        portal.post(path, body.replace("u-ann", "u1")).is(202);
    }
}
