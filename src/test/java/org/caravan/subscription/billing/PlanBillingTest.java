package org.caravan.subscription.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.caravan.invoice.Audit;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.CloseResult;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.subscription.Shop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What plans make of a month, with figures worked by hand. */
class PlanBillingTest {
    private static final String VOLUME =
            "[{\"type\":\"volume\",\"tiers\":[{\"from\":null,\"to\":\"100\",\"price\":\"0.05\"},{\"from\":\"100\",\"to\":null,"
                    + "\"price\":\"0.04\"}]}]";
    private static final String GRADUATED = VOLUME.replace("\"tiers\"", "\"mode\":\"graduated\",\"tiers\"");
    private static final String FIXED = "[{\"type\":\"fixed\",\"price\":\"9.90\"}]";

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop();
        shop.plan("gold", "base", FIXED, "disk", GRADUATED, "instance", VOLUME);
        shop.plan("usage", "instance", VOLUME);
        shop.plan("base", "base", FIXED);
    }

    @AfterEach
    void ledgerHoldsTogether() throws Exception {
        assertThat(Audit.run(shop.dataSource)).allSatisfy(check -> {
            if (!check.name().contains("on its way") && !check.name().contains("roll-up")) {
                assertThat(check.findings()).as(check.name()).isEmpty();
            }
        });
    }

    private static String in(String customer) {
        return "m1/" + customer;
    }

    @Test
    void eachProductOfASubscriptionIsOneLineByItsMonthsTotal() {
        // given
        shop.customer("tiers", "eur");
        shop.subscription("s-tiers", "tiers", "gold", "2026-10-01T00:00:00Z");
        shop.tie("s-tiers", "t-tiers");
        shop.use("t-tiers", "instance", "2026-10-02T00:00:00Z", "60");
        shop.use("t-tiers", "instance", "2026-10-30T00:00:00Z", "60");
        shop.use("t-tiers", "disk", "2026-10-02T00:00:00Z", "70");
        shop.use("t-tiers", "disk", "2026-10-03T00:00:00Z", "80");
        shop.clock.at("2026-11-03T00:00:00Z");
        // when
        CloseResult result = shop.close("2026-10", in("tiers"));
        // then
        assertThat(result.held()).isEmpty();
        assertThat(shop.lines(in("tiers")))
                .containsExactly(
                        "Plan gold: The base | 1 month | 9.9 | 9.90",
                        "Plan gold: The disk | 150 hour | 0.046667~ | 7.00",
                        "Plan gold: The instance | 120 hour | 0.04 | 4.80");
        assertThat(shop.documents(in("tiers")).get(0).total()).isEqualByComparingTo("21.70");
        assertThat(shop.documents(in("tiers")).get(0).customer().name()).isEqualTo("Customer tiers");
    }

    @Test
    void aFixedPriceIsProRataByDaysAndNeedsNoUsage() {
        // given: 17 of October's 31 days, and 10 of November's 30
        shop.customer("days", "eur");
        shop.subscription("s-days", "days", "base", "2026-10-15T14:00:00Z");
        shop.clock.at("2026-11-03T00:00:00Z");
        // when
        shop.close("2026-10", in("days"));
        CloseResult again = shop.close("2026-10", in("days"));
        shop.end("s-days", "2026-11-10T09:00:00Z");
        shop.clock.at("2026-12-03T00:00:00Z");
        shop.close("2026-11", in("days"));
        shop.clock.at("2027-01-03T00:00:00Z");
        CloseResult after = shop.close("2026-12", in("days"));
        // then: 9.90 * 17 / 31 = 5.429..., 9.90 * 10 / 30 = 3.30
        assertThat(again.issued()).isEmpty();
        assertThat(after.issued()).isEmpty();
        assertThat(shop.documents(in("days")))
                .extracting(document -> document.month() + " " + document.total())
                .containsExactly("2026-10 5.43", "2026-11 3.30");
        assertThat(shop.documents(in("days"))
                        .get(0)
                        .sections()
                        .get(0)
                        .lines()
                        .get(0)
                        .note())
                .isEqualTo("subscription s-days, 17 of 31 days");
        assertThat(shop.rows(
                        "select month, from_day, until_day from subscription_month where subscription_id = 's-days'"
                                + " order by 1"))
                .containsExactly("2026-10-01 2026-10-15 2026-11-01", "2026-11-01 2026-11-01 2026-11-11");
    }

    @Test
    void lateUsageIsBilledTheDifferenceThatItMakes() {
        // given
        shop.customer("late", "eur");
        shop.subscription("s-late", "late", "gold", "2026-10-01T00:00:00Z");
        shop.tie("s-late", "t-late");
        shop.use("t-late", "instance", "2026-10-02T00:00:00Z", "90");
        shop.use("t-late", "disk", "2026-10-02T00:00:00Z", "90");
        shop.clock.at("2026-11-03T00:00:00Z");
        shop.close("2026-10", in("late"));
        // when: with 20 more the volume price falls for all 110, and the graduated one continues at 90; the plan's new
        // price is
        // not October's
        shop.use("t-late", "instance", "2026-10-20T00:00:00Z", "20");
        shop.use("t-late", "disk", "2026-10-20T00:00:00Z", "20");
        shop.use("t-late", "instance", "2026-11-02T00:00:00Z", "10");
        shop.execute("update plan_item set pricing = '[{\"type\":\"volume\",\"tiers\":[{\"price\":\"1\"}]}]'"
                + " where plan_id = 'gold' and product_id = 'm1.instance'");
        shop.clock.at("2026-12-03T00:00:00Z");
        shop.close("2026-11", in("late"));
        shop.execute("update plan_item set pricing = '" + VOLUME
                + "' where plan_id = 'gold' and product_id = 'm1.instance'");
        // then: 110 * 0.04 - 90 * 0.05 = -0.10; 10 * 0.05 + 10 * 0.04 = 0.90
        assertThat(shop.lines(in("late")))
                .containsExactly(
                        "Plan gold: The base | 1 month | 9.9 | 9.90",
                        "Plan gold: The disk | 90 hour | 0.05 | 4.50",
                        "Plan gold: The instance | 90 hour | 0.05 | 4.50",
                        "Plan gold: The base | 1 month | 9.9 | 9.90",
                        "Plan gold: The disk | 20 hour | 0.045~ | 0.90 | of 2026-10",
                        "Plan gold: The instance | 20 hour | -0.005~ | -0.10 | of 2026-10",
                        "Plan gold: The instance | 10 hour | 1 | 10.00");
        assertThat(shop.rows("select product_id, usage_month, quantity, amount from plan_price"
                        + " where subscription_id = 's-late' order by 1, 2"))
                .containsExactly(
                        "m1.disk 2026-10-01 110 5.40",
                        "m1.instance 2026-10-01 110 4.40",
                        "m1.instance 2026-11-01 10 10");
    }

    @Test
    void aCustomerHasOneDocumentOverItsTenantsOrOnePerTenant() {
        // given
        shop.customer("two", "eur");
        for (String tenant : new String[] {"a", "b"}) {
            shop.subscription("s-two-" + tenant, "two", "usage", "2026-10-01T00:00:00Z");
            shop.tie("s-two-" + tenant, "t-two-" + tenant);
            shop.use("t-two-" + tenant, "instance", "2026-10-02T00:00:00Z", "60");
            shop.usePriced("t-two-" + tenant, "ip", "2026-10-02T00:00:00Z", "1", "0.5");
        }
        shop.clock.at("2026-11-03T00:00:00Z");
        Closer perTenant =
                shop.closer(new BillingSettings(true, false, Map.of(), Duration.ofDays(14)), AccountProfiles.none());
        // when: 60 + 60 of two subscriptions are no 120
        CloseResult previewed = shop.close(perTenant, "2026-10", "t-two-none");
        shop.close("2026-10", in("two"));
        shop.use("t-two-a", "instance", "2026-11-02T00:00:00Z", "10");
        shop.use("t-two-b", "instance", "2026-11-02T00:00:00Z", "20");
        shop.clock.at("2026-12-03T00:00:00Z");
        shop.close(perTenant, "2026-11", "t-two-a", "t-two-b");
        // then
        assertThat(previewed.issued()).isEmpty();
        assertThat(shop.documents(in("two"))).hasSize(1);
        assertThat(shop.documents(in("two")).get(0).tenants()).containsExactly("t-two-a", "t-two-b");
        assertThat(shop.lines(in("two")))
                .containsExactly(
                        "ip | 2 hour | 0.5 | 1.00",
                        "Plan usage: The instance | 60 hour | 0.05 | 3.00",
                        "Plan usage: The instance | 60 hour | 0.05 | 3.00");
        assertThat(shop.lines("t-two-a")).containsExactly("Plan usage: The instance | 10 hour | 0.05 | 0.50");
        assertThat(shop.lines("t-two-b")).containsExactly("Plan usage: The instance | 20 hour | 0.05 | 1.00");
        assertThat(shop.documents("t-two-b").get(0).customer().name()).isEqualTo("Customer two");
    }

    @Test
    void aCustomerPaysInItsCurrencyAndAMerchantsPricesAreInTheLedgers() {
        // given
        shop.customer("usd", "usd");
        shop.customer("jpy", "jpy");
        shop.merchant("m-usd", "usd");
        shop.planOf("m-usd", "usd-plan", "base", FIXED);
        shop.customer("m-usd", "foreign", "usd");
        shop.subscription("m-usd", "s-foreign", "foreign", "usd-plan", "2026-10-01T00:00:00Z", 1);
        for (String currency : new String[] {"usd", "jpy"}) {
            shop.subscription("s-" + currency, currency, "usage", "2026-10-01T00:00:00Z");
            shop.tie("s-" + currency, "t-" + currency);
            shop.use("t-" + currency, "instance", "2026-10-02T00:00:00Z", "120");
        }
        shop.clock.at("2026-11-03T00:00:00Z");
        BillingSettings rates = new BillingSettings(
                false, false, Map.of("USD", new BigDecimal("1.08"), "JPY", new BigDecimal("163.2")), Duration.ZERO);
        // when
        CloseResult without = shop.close("2026-10", in("usd"));
        CloseResult with = shop.close(
                shop.closer(rates, AccountProfiles.none()), "2026-10", in("usd"), in("jpy"), "m-usd/foreign");
        // then: 4.80 EUR
        assertThat(without.held())
                .extracting(CloseResult.Held::reason)
                .first()
                .asString()
                .contains("'rate'");
        assertThat(shop.documents(in("usd")).get(0).total()).hasToString("5.18");
        assertThat(shop.documents(in("jpy")).get(0).total()).hasToString("783");
        assertThat(with.held())
                .extracting(CloseResult.Held::reason)
                .containsExactly(
                        "subscription s-foreign: its merchant's prices are in USD, the ledger's currency is EUR;"
                                + " let the merchant have that currency; its customers may have others");
        shop.execute("update subscription set ended_at = created_at where id = 's-foreign'");
    }

    @Test
    void anAccountIsIssuedOnItsBillingDay() throws Exception {
        // given: November has 30 days
        shop.customer("day", "eur");
        shop.subscription("m1", "s-day", "day", "base", "2026-10-01T00:00:00Z", 31);
        shop.clock.at("2026-11-29T23:59:59Z");
        // when
        CloseResult early = shop.close("2026-10", in("day"));
        shop.clock.at("2026-11-30T00:00:00Z");
        CloseResult due = shop.close("2026-10", in("day"));
        shop.clock.at("2026-12-30T00:00:00Z");
        CloseResult forced = shop.closer()
                .close(
                        CloseOrder.of(java.time.YearMonth.of(2026, 11))
                                .only(java.util.Set.of(in("day")))
                                .forced(),
                        issued -> {});
        // then
        assertThat(early.held())
                .extracting(CloseResult.Held::reason)
                .containsExactly("2026-10 of account m1/day is issued on its billing day, 2026-11-30; wait for it");
        assertThat(due.issued()).hasSize(1);
        assertThat(forced.issued()).hasSize(1);
    }

    @Test
    void aPlansItemOverridesItsProductAndWithoutEitherItIsFreeAndSaid() {
        // given
        shop.plan(
                "own", "own-a", "[{\"type\":\"volume\",\"tiers\":[{\"price\":\"2\"}]}]", "own-b", null, "own-c", null);
        shop.productPricing("own-a", "[{\"type\":\"volume\",\"tiers\":[{\"price\":\"7\"}]}]");
        shop.productPricing(
                "own-b", "[{\"type\":\"volume\",\"tiers\":[{\"price\":\"3\"}]},{\"type\":\"fixed\",\"price\":\"1\"}]");
        shop.customer("own", "eur");
        shop.subscription("s-own", "own", "own", "2026-10-01T00:00:00Z");
        shop.tie("s-own", "t-own");
        for (String product : new String[] {"own-a", "own-b", "own-c", "own-d"}) {
            shop.use("t-own", product, "2026-10-02T00:00:00Z", "1");
        }
        shop.clock.at("2026-11-03T00:00:00Z");
        // when
        shop.close("2026-10", in("own"));
        // then
        assertThat(shop.lines(in("own")))
                .containsExactly(
                        "own-d | 1 hour | - | 0.00 | unpriced",
                        "Plan own: The own-a | 1 hour | 2 | 2.00",
                        "Plan own: The own-b | 1 hour | 4~ | 4.00",
                        "Plan own: The own-c | 1 hour | 0 | 0.00 | unpriced");
    }

    @Test
    void aPriceByTheTimeOfTheDayNeedsBands() {
        // given
        String time = "[{\"type\":\"time\",\"tiers\":[{\"start\":\"08:00\",\"end\":\"18:00\",\"price\":\"0.06\"},"
                + "{\"start\":\"18:00\",\"end\":\"08:00\",\"price\":\"0.02\"}]}]";
        shop.plan("time", "server", time);
        shop.customer("time", "eur");
        shop.subscription("s-time", "time", "time", "2026-10-01T00:00:00Z");
        shop.tie("s-time", "t-time");
        shop.use("t-time", "server 08:00-18:00", "2026-10-02T08:00:00Z", "10");
        shop.use("t-time", "server 18:00-08:00", "2026-10-02T18:00:00Z", "14");
        shop.customer("plain", "eur");
        shop.subscription("s-plain", "plain", "time", "2026-10-01T00:00:00Z");
        shop.tie("s-plain", "t-plain");
        shop.use("t-plain", "server", "2026-10-02T08:00:00Z", "10");
        shop.clock.at("2026-11-03T00:00:00Z");
        // when
        shop.close("2026-10", in("time"));
        CloseResult plain = shop.close("2026-10", in("plain"));
        // then
        assertThat(shop.lines(in("time")))
                .containsExactly(
                        "Plan time: The server 08:00-18:00 | 10 hour | 0.06 | 0.60",
                        "Plan time: The server 18:00-08:00 | 14 hour | 0.02 | 0.28");
        assertThat(plain.issued()).isEmpty();
        assertThat(plain.held())
                .extracting(CloseResult.Held::reason)
                .containsExactly(
                        "subscription s-plain, product server: its price by the time of the day needs a meter with"
                                + " 'bands' in the meters file; then read the usage again");
    }

    @Test
    void usageOfNobodysPlanIsHeldAndTenantsWithoutSubscriptionByChoice() throws Exception {
        // given
        shop.use("t-nobody", "instance", "2026-10-02T00:00:00Z", "1");
        shop.usePriced("t-plain-user", "ip", "2026-10-02T00:00:00Z", "1", "0.5");
        shop.clock.at("2026-11-03T00:00:00Z");
        Closer strict = shop.closer(new BillingSettings(false, true, Map.of(), Duration.ZERO), AccountProfiles.none());
        // when
        CloseResult held = shop.close("2026-10", "t-nobody");
        CloseResult refused = shop.close(strict, "2026-10", "t-plain-user");
        CloseResult billed = shop.close("2026-10", "t-plain-user");
        CloseResult forced = shop.closer()
                .close(
                        CloseOrder.of(java.time.YearMonth.of(2026, 10))
                                .only(java.util.Set.of("t-nobody"))
                                .forced(),
                        issued -> {});
        // then
        assertThat(held.held())
                .extracting(CloseResult.Held::reason)
                .containsExactly(
                        "tenant t-nobody has usage from 2026-10-02 to 2026-10-02 that a plan should price (product"
                                + " instance) and no subscription for it; tie it to one, or let it be billed as 0 with --force");
        assertThat(refused.held())
                .extracting(CloseResult.Held::reason)
                .containsExactly("tenant t-plain-user has no subscription; tie it to one, or set"
                        + " caravan.close.unsubscribed=bill");
        assertThat(billed.issued()).hasSize(1);
        assertThat(forced.issued()).hasSize(1);
        assertThat(shop.lines("t-nobody")).containsExactly("instance | 1 hour | - | 0.00 | unpriced");
    }

    @Test
    void eachMerchantsInvoicesAreNumberedWithoutGap() {
        // given
        shop.merchant("m-series", "eur");
        shop.planOf("m-series", "series", "base", FIXED);
        for (String customer : new String[] {"one", "two"}) {
            shop.customer("m-series", "series-" + customer, "eur");
            shop.subscription(
                    "m-series", "s-series-" + customer, "series-" + customer, "series", "2026-10-01T00:00:00Z", 1);
        }
        shop.clock.at("2026-11-03T00:00:00Z");
        // when
        shop.close("2026-10", "m-series/series-one", "m-series/series-two");
        shop.clock.at("2026-12-03T00:00:00Z");
        shop.close("2026-11", "m-series/series-one");
        // then
        assertThat(shop.rows("select d.account, s.identifier, s.state, s.due from invoice_status s"
                        + " join document d on d.key = s.document_key where s.merchant_id = 'm-series' order by d.id"))
                .containsExactly(
                        "m-series/series-one 000001 pending 2026-11-17 00:00:00+00",
                        "m-series/series-two 000002 pending 2026-11-17 00:00:00+00",
                        "m-series/series-one 000003 pending 2026-12-17 00:00:00+00");
    }

    @Test
    void aPriceThatAPlanGetsLaterIsNotChargedForMonthsThatAreOver() throws Exception {
        // given: nothing is due of October when it is over
        shop.plan("grows", "grows", "[]");
        shop.customer("grows", "eur");
        shop.subscription("s-grows", "grows", "grows", "2026-10-01T00:00:00Z");
        shop.clock.at("2026-11-01T00:00:00Z");
        shop.closer().closeDue();
        // when
        shop.execute("update plan_item set pricing = '" + FIXED + "' where plan_id = 'grows'");
        shop.clock.at("2026-12-03T00:00:00Z");
        shop.close("2026-10", in("grows"));
        shop.close("2026-11", in("grows"));
        // then
        assertThat(shop.documents(in("grows")))
                .extracting(document -> document.month() + " " + document.total())
                .containsExactly("2026-11 9.90");
    }

    @Test
    void aMonthOfBusinessComesToWhatOneReckonsByHand() throws Exception {
        // given: used from its creation on, tied two days later, upgraded on the 20th, billed on the 15th
        shop.plan(
                "small",
                "base",
                "[{\"type\":\"fixed\",\"price\":\"31\"}]",
                "instance",
                "[{\"type\":\"volume\",\"tiers\":[{\"price\":\"0.1\"}]}]");
        shop.plan(
                "large",
                "base",
                "[{\"type\":\"fixed\",\"price\":\"62\"}]",
                "instance",
                "[{\"type\":\"volume\",\"tiers\":[{\"price\":\"0.05\"}]}]");
        shop.customer("month", "eur");
        shop.subscription("m1", "s-month-1", "month", "small", "2026-10-05T10:00:00Z", 15);
        // when
        for (int day = 5; day <= 31; day++) {
            String date = "2026-10-" + (day < 10 ? "0" : "") + day;
            shop.clock.at(date + "T12:00:00Z");
            if (day == 7) {
                shop.tie("s-month-1", "t-month");
            }
            if (day == 20) {
                shop.end("s-month-1", date + "T12:00:00Z");
                shop.subscription("m1", "s-month-2", "month", "large", date + "T12:00:00Z", 15);
                shop.tie("s-month-2", "t-month");
            }
            shop.use("t-month", "instance", date + "T11:00:00Z", "10");
        }
        int issued = 0;
        for (int day = 1; day <= 15; day++) {
            shop.clock.at("2026-11-" + (day < 10 ? "0" : "") + day + "T00:00:00Z");
            issued += shop.close("2026-10", in("month")).issued().size();
            assertThat(issued).isEqualTo(day < 15 ? 0 : 1);
        }
        // then: 16 days of the small plan, 11 of the large one
        assertThat(shop.lines(in("month")))
                .containsExactly(
                        "Plan small: The base | 1 month | 16 | 16.00",
                        "Plan large: The base | 1 month | 22 | 22.00",
                        "Plan small: The instance | 160 hour | 0.1 | 16.00",
                        "Plan large: The instance | 110 hour | 0.05 | 5.50");
        assertThat(shop.documents(in("month")).get(0).total()).isEqualByComparingTo("59.50");
    }
}
