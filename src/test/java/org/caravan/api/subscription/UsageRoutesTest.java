package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.caravan.api.subscription.Portal.Reply;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Usage of subscriptions, read from the ledger and pushed into it. */
class UsageRoutesTest {
    private static final String NOON = "2026-12-10T12:00:00Z";
    private static final String ONE = "2026-12-10T13:00:00Z";

    private final Portal portal = new Portal();
    private final String tenant = Portal.fresh("tenant");
    private String m;
    private String product;
    private String subscription;

    @BeforeEach
    void make() {
        portal.now = Instant.parse("2026-12-01T00:00:00Z");
        String merchant = portal.merchant();
        m = Portal.m(merchant);
        product = portal.product(merchant, Portal.METER);
        subscription = portal.subscription(
                merchant,
                portal.customer(merchant),
                portal.plan(merchant, product),
                ",\"resource_id\":\"" + tenant + "\"");
        portal.now = UsageLedger.NOW;
    }

    private String usage(String value, String begin, String end) {
        return "{\"subscription_id\":\"" + subscription + "\",\"product_id\":\"" + product + "\",\"value\":\"" + value
                + "\",\"start_timestamp\":\"" + begin + "\",\"end_timestamp\":\"" + end + "\"}";
    }

    private String billed() {
        return Portal.rows("select coalesce(sum(e.quantity), 0)::numeric || ' ' || coalesce(sum(e.amount), 0)::numeric"
                        + " from entry e join tenant t on t.id = e.tenant where t.name = '" + tenant + "'")
                .get(0);
    }

    private static String quantity(String billed) {
        return new java.math.BigDecimal(billed.split(" ")[0])
                .stripTrailingZeros()
                .toPlainString();
    }

    @Test
    void pushedUsageIsBilledOnceAndExactly() {
        // given / when
        Reply made = portal.post(m + "/usage", usage("1.000000001", NOON, ONE)).is(202);
        // then
        assertThat(made.text("value")).isEqualTo("1.000000001");
        assertThat(made.text("total")).isEqualTo("0.0481000000481");
        assertThat(made.text("price")).isEqualTo("0.0481");
        assertThat(made.text("measure")).isEqualTo("hour");
        assertThat(made.text("start_timestamp")).isEqualTo(NOON);
        assertThat(portal.post(m + "/usage", usage("1.000000001", NOON, ONE))
                        .is(202)
                        .json())
                .isEqualTo(made.json());
        assertThat(quantity(billed())).isEqualTo("1.000000001");
        // its time is billed: other usage of it is refused, and holds nothing up
        assertThat(portal.post(m + "/usage", usage("2", NOON, ONE)).is(409).type())
                .isEqualTo("duplicate");
        assertThat(portal.post(m + "/usage", usage("2", "2026-12-10T12:30:00Z", ONE))
                        .is(409)
                        .type())
                .isEqualTo("duplicate");
        assertThat(Portal.rows("select state from quarantine where tenant = '" + tenant + "' and state = 'held'"))
                .isEmpty();
        assertThat(portal.get(m + "/usage").each("id")).containsExactly(made.id());
        assertThat(portal.get(m + "/usage/" + made.id()).json()).isEqualTo(made.json());
    }

    @Test
    void aChangeTakesBackAndBillsAnewADeletionBillsNothing() {
        // given
        String id = portal.post(m + "/usage", usage("3", NOON, ONE)).is(202).id();
        // when
        Reply changed = portal.patch(m + "/usage/" + id, "{\"value\":\"2.5\"}").is(200);
        // then
        assertThat(changed.id()).isEqualTo(id);
        assertThat(changed.text("value")).isEqualTo("2.5");
        assertThat(quantity(billed())).isEqualTo("2.5");
        portal.patch(m + "/usage/" + id, "{\"value\":\"2.50\"}").is(200);
        portal.patch(m + "/usage/" + id, "{\"value\":\"0\"}").is(400);
        portal.patch(m + "/usage/" + id, "{\"measure\":\"gb\"}").is(400);
        portal.delete(m + "/usage/" + id).is(204);
        assertThat(quantity(billed())).isEqualTo("0");
        portal.get(m + "/usage/" + id).is(404);
        portal.delete(m + "/usage/" + id).is(404);
        assertThat(portal.get(m + "/usage").json()).isEmpty();
        // entries are appended, never changed
        assertThat(Portal.rows("select count(*) from entry e join tenant t on t.id = e.tenant where t.name = '" + tenant
                                + "'")
                        .get(0))
                .isGreaterThanOrEqualTo("4");
    }

    @Test
    void measuredUsageOfTheTenantIsTheSubscriptionsFromItsTieOn() throws Exception {
        // given
        Portal.ledger()
                .read(
                        UsageLedger.line(tenant, "vm-1", Portal.METER, "24", "2026-12-05T00:00:00Z", ""),
                        UsageLedger.line(tenant, "vm-1", Portal.METER, "7", "2026-11-30T12:00:00Z", ""),
                        UsageLedger.line(tenant, "vm-1", "not-sold", "9", "2026-12-05T00:00:00Z", ""));
        // when
        Reply all = portal.get(m + "/usage").is(200);
        // then
        assertThat(all.json()).hasSize(1);
        assertThat(all.json().at("/0/value").asText()).isEqualTo("24");
        assertThat(all.json().at("/0/resource").asText()).isEqualTo("vm-1");
        assertThat(all.json().at("/0/product_id").asText()).isEqualTo(product);
        String id = all.json().at("/0/id").asText();
        assertThat(portal.get(m + "/usage/" + id).is(200).json())
                .isEqualTo(all.json().get(0));
        assertThat(portal.patch(m + "/usage/" + id, "{\"value\":\"1\"}").is(409).type())
                .isEqualTo("in_use");
        assertThat(portal.delete(m + "/usage/" + id).is(409).type()).isEqualTo("in_use");
        // what was used before the tie is nobody's here
        assertThat(portal.get(m + "/usage?q.field=start_timestamp&q.op=ge&q.value=2026-11-15")
                        .each("value"))
                .containsExactly("24");
        assertThat(portal.get(m + "/usage?q.field=start_timestamp&q.op=lt&q.value=2026-12-01")
                        .json())
                .isEmpty();
        assertThat(portal.get(m + "/usage?q.field=subscription_id&q.value=" + subscription)
                        .json())
                .hasSize(1);
        assertThat(portal.get(m + "/usage?q.field=subscription_id&q.value=nothing")
                        .json())
                .isEmpty();
        assertThat(portal.get(m + "/usage?q.field=value&q.op=gt&q.value=23.999").json())
                .hasSize(1);
        // a window beyond the limit of reports is refused, not cut
        assertThat(portal.get(m + "/usage?q.field=start_timestamp&q.op=ge&q.value=2026-01-01")
                        .is(400)
                        .text("message"))
                .contains("caravan.report.maxWindow");
    }

    @Test
    void listsOfUsageHaveLimitsAndMarkers() {
        // given
        for (int hour = 0; hour < 5; hour++) {
            portal.post(
                            m + "/usage",
                            usage("1", "2026-12-09T0" + hour + ":00:00", "2026-12-09T0" + (hour + 1) + ":00:00"))
                    .is(202);
        }
        // when
        Reply first = portal.get(m + "/usage?limit=3").is(200);
        Reply rest = portal.get(m + "/usage?limit=3&marker=" + first.each("id").get(2))
                .is(200);
        // then
        assertThat(first.headers()).containsKey("Link");
        assertThat(rest.headers()).doesNotContainKey("Link");
        assertThat(rest.each("start_timestamp")).containsExactly("2026-12-09T03:00:00Z", "2026-12-09T04:00:00Z");
    }

    @Test
    void usageThatCanNotBeIsRefused() {
        // given
        String untied = portal.subscription(
                m.substring("/merchants/".length()),
                portal.get(m + "/customers").each("id").get(0),
                portal.get(m + "/plans").each("id").get(0),
                "");
        // when / then
        assertThat(portal.post(m + "/usage", usage("1", NOON, ONE).replace(subscription, untied))
                        .is(400)
                        .text("message"))
                .contains("tied");
        portal.post(m + "/usage", usage("1", NOON, ONE).replace(product, "nothing"))
                .is(400);
        portal.post(m + "/usage", usage("0", NOON, ONE)).is(400);
        portal.post(m + "/usage", usage("-1", NOON, ONE)).is(400);
        portal.post(m + "/usage", usage("1", ONE, NOON)).is(400);
        portal.post(m + "/usage", usage("1", "2026-11-30T12:00:00", "2026-11-30T13:00:00"))
                .is(400);
        portal.post(m + "/usage", usage("1", "2027-12-10T12:00:00", "2027-12-10T13:00:00"))
                .is(400);
        portal.post(m + "/usage", usage("1", NOON, ONE).replace("}", ",\"price\":\"1\"}"))
                .is(400);
        portal.post(m + "/usage", "{}").is(400);
        assertThat(Portal.rows("select state from quarantine where tenant = '" + tenant + "' and state = 'held'"))
                .isEmpty();
        assertThat(portal.get(m + "/usage").json()).isEmpty();
        for (String id :
                new String[] {"x", "a.b.c", "a.b.1.c", subscription + "." + product + ".99999999999999999999.x"}) {
            portal.get(m + "/usage/" + id).is(404);
        }
    }

    @Test
    void usageUntilTheEndIsTheSubscriptionsStill() {
        // given
        portal.post(m + "/usage", usage("1", NOON, ONE)).is(202);
        portal.later(Duration.ofHours(1));
        // when
        portal.delete(m + "/subscriptions/" + subscription).is(204);
        // then
        assertThat(portal.get(m + "/usage").json()).hasSize(1);
        portal.post(m + "/usage", usage("1", "2026-12-11T00:00:00", "2026-12-11T01:00:00"))
                .is(400);
        portal.post(m + "/usage", usage("1", "2026-12-10T11:00:00", "2026-12-10T12:00:00"))
                .is(202);
    }
}
