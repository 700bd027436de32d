package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.caravan.testing.openapi.AnyRequests;
import org.caravan.testing.openapi.Contract;
import org.caravan.testing.openapi.Known;
import org.junit.jupiter.api.Test;

/** Requests made from the contract's file, most nearly right: whatever is sent, the answer is as the file says, and no 500. */
class SubscriptionFuzzTest {
    private static final int REQUESTS = Integer.getInteger("caravan.fuzz.requests", 400);

    @Test
    void noRequestIsAnswered500() {
        // given
        Portal portal = new Portal();
        String merchant = portal.merchant();
        String product = portal.product(merchant, Portal.METER);
        String plan = portal.plan(merchant, product);
        String customer = portal.customer(merchant);
        String config = portal.config(merchant);
        String subscription =
                portal.subscription(merchant, customer, plan, ",\"resource_id\":\"" + Portal.fresh("tenant") + "\"");
        Known known = new Known()
                .add("merchant_id", merchant)
                .add("product_id", product, portal.product(merchant, "volume"))
                .add("plan_id", plan)
                .add("customer_id", customer)
                .add("config_id", config)
                .add("provider_config_id", config)
                .add("provider_id", "dummy")
                .add("subscription_id", subscription)
                .add("currency", "eur", "EUR", "nzd")
                .add("language", "en")
                .add("state", "pending", "void", "draft", "paid")
                .add("q.field", "name", "title", "created_at", "billing_day", "value", "start_timestamp", "customer")
                .add("q.value", "a%", "2026-12-01", "5")
                .add("start_timestamp", "2026-12-10T10:00:00", "2026-12-10T11:00:00Z")
                .add("end_timestamp", "2026-12-10T11:00:00", "2026-12-10T12:00:00Z");
        Random random = new Random(8);
        AnyRequests requests = new AnyRequests(Contract.subscription(), random, known);
        int answered = 0;
        for (int i = 0; i < REQUESTS; i++) {
            AnyRequests.Sample sample = requests.next();
            if (sample.operation() != null && sample.operation().toString().equals("DELETE /merchants/{merchant_id}")) {
                continue;
            }
            // when
            Portal.Reply reply =
                    portal.send(sample.method(), sample.target(), new String(sample.body(), StandardCharsets.UTF_8));
            // then
            assertThat(reply.status())
                    .as(sample + " was answered " + reply.body())
                    .isLessThan(500);
            answered += reply.status() < 300 ? 1 : 0;
        }
        assertThat(answered).isPositive();
    }
}
