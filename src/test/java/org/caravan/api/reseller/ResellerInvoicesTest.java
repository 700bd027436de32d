package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.caravan.invoice.Audit;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.CreditOrder;
import org.caravan.invoice.Credits;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.subscription.DocumentVoiding;
import org.caravan.subscription.Shop;
import org.caravan.subscription.billing.BillingSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invoices by project and entity, from usage through the ledger and the document to the answer. */
class ResellerInvoicesTest {
    private static final String OCTOBER = "2026-10-01T00:00:00Z";

    private ResaleMonth month;

    @BeforeEach
    void open() {
        month = new ResaleMonth();
    }

    @AfterAll
    static void ledgerHoldsTogether() throws Exception {
        assertThat(Audit.run(new Resale().shop.dataSource)).allSatisfy(check -> {
            if (!check.name().contains("on its way") && !check.name().contains("roll-up")) {
                assertThat(check.findings()).as(check.name()).isEmpty();
            }
        });
    }

    private static String printed(JsonNode number) {
        return ResaleMonth.printed(number);
    }

    private static List<String> each(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.path(field).isNumber()
                        ? printed(one.path(field))
                        : one.path(field).asText())
                .toList();
    }

    @Test
    void quantityIsHoursAndUptimeTheTimeBilled() {
        // given: the contract's examples
        String project = month.project();
        month.metered.price("instance", "0.0059").price("ip.floating", "0.005").price("volume.size", "0.0001");
        month.metered
                .use(
                        project,
                        "vm-1",
                        "instance",
                        "",
                        "1",
                        OCTOBER,
                        62_958,
                        "\"flavor\":\"general.pico\",\"name\":\"web\"")
                .use(project, "vm-2", "instance", "", "1", OCTOBER, 1_157_407, "\"flavor\":\"general.pico\"")
                .use(project, "vm-3", "instance", "", "1", OCTOBER, 1_236, "\"flavor\":\"general.pico\"")
                .use(project, "ip-1", "ip.floating", "", "1", OCTOBER, 2_609_235)
                .use(
                        project,
                        "vol-1",
                        "volume.size",
                        "GB",
                        "729",
                        OCTOBER,
                        6_937,
                        "\"volume_type\":\"ssd\",\"size\":729")
                .use(project, "vm-4", "instance", "", "1", OCTOBER, 31 * 86_400, "\"flavor\":\"general.pico\"")
                .commit();
        // when
        JsonNode entities = month.close().data().path("invoice_projects").get(0).path("entities");
        // then
        Map<String, String> shown = StreamSupport.stream(entities.spliterator(), false)
                .collect(Collectors.toMap(
                        entity -> entity.path("id").asText(),
                        entity -> entity.path("type").asText() + " "
                                + entity.path("uptime").asText() + " "
                                + printed(entity.path("quantity")) + " * " + printed(entity.path("rate")) + " = "
                                + printed(entity.path("total")) + " "
                                + entity.path("unit").asText() + " "
                                + entity.path("description").asText()));
        assertThat(shown)
                .containsEntry("vm-1", "server 00:17:29:18 17.488333333333 * 0.0059 = 0.103 hour general.pico")
                .containsEntry("vm-2", "server 13:09:30:07 321.501944444444 * 0.0059 = 1.897 hour general.pico")
                .containsEntry("vm-3", "server 00:00:20:36 0.343333333333 * 0.0059 = 0.01 hour general.pico")
                .containsEntry("vm-4", "server 31:00:00:00 744 * 0.0059 = 4.39 hour general.pico")
                .containsEntry("ip-1", "floatingip 30:04:47:15 724.7875 * 0.005 = 3.624 hour Floating IP")
                .containsEntry("vol-1", "volume 00:01:55:37 1404.7425 * 0.0001 = 0.14 GB-hour ssd 729GB");
        JsonNode volume = entities.get(each(entities, "id").indexOf("vol-1"));
        assertThat(volume.path("size").asText()).isEqualTo("729 GB");
        assertThat(volume.path("storage_type").asText()).isEqualTo("ssd");
        assertThat(entities.get(each(entities, "id").indexOf("vm-1"))
                        .path("name")
                        .asText())
                .isEqualTo("web");
        // to its end only the one that ran all month
        assertThat(StreamSupport.stream(entities.spliterator(), false)
                        .filter(entity -> entity.path("active").asBoolean())
                        .map(entity -> entity.path("id").asText()))
                .containsExactly("vm-4");
    }

    @Test
    void aProjectIsTheSumOfItsEntitiesRoundedOnce() {
        // given: 1.897 + 0 + 0
        String project = month.project();
        month.metered.price("instance", "0.0059").price("ip.floating", "0");
        month.metered
                .use(project, "vm", "instance", "", "1", OCTOBER, 1_157_407, "\"flavor\":\"pico\"")
                .use(project, "ip-1", "ip.floating", "", "1", OCTOBER, 3_600)
                .use(project, "ip-2", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(each(data.path("invoice_projects").get(0).path("entities"), "total"))
                .containsExactlyInAnyOrder("1.897", "0", "0");
        assertThat(each(data.path("invoice_projects"), "total")).containsExactly("1.9");
        assertThat(printed(data.path("invoice_subtotal"))).isEqualTo("1.9");
        assertThat(month.resale.get(month.path() + "/invoices/last").body()).contains("\"total\":1.9,");
    }

    @Test
    void withoutAMinimumChargeAProductIsOnlyRounded() {
        // given
        String project = month.project();
        month.metered.price("instance", "0.0059");
        month.metered
                .use(project, "vm", "instance", "", "1", OCTOBER, 1_236, "\"flavor\":\"pico\"")
                .commit();
        BillingSettings off = new BillingSettings(false, false, Map.of(), Duration.ofDays(14), BigDecimal.ZERO);
        // when
        JsonNode data = month.close(month.resale.shop.closer(off, AccountProfiles.none()))
                .data();
        // then
        assertThat(printed(ResaleMonth.entity(data, "server").path("total"))).isEqualTo("0.002");
        assertThat(printed(data.path("invoice_total"))).isEqualTo("0");
    }

    @Test
    void projectsAreRoundedApartAndTheSubtotalIsTheirSum() {
        // given: 0.025 in each of two projects and two datacenters, 0.1 were they rounded together
        String one = month.project();
        String other = month.project();
        month.metered.price("ip.floating", "0.025");
        for (String datacenter : List.of("north", "south")) {
            month.metered
                    .in(datacenter)
                    .use(one, "ip-" + one, "ip.floating", "", "1", OCTOBER, 3_600)
                    .use(other, "ip-" + other, "ip.floating", "", "1", OCTOBER, 3_600);
        }
        month.metered.commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(each(data.path("invoice_projects"), "total")).containsExactly("0.03", "0.03", "0.03", "0.03");
        assertThat(each(data.path("invoice_projects"), "region")).containsExactly("north", "north", "south", "south");
        assertThat(each(data.path("invoice_projects"), "id")).containsExactly(one, other, one, other);
        assertThat(printed(data.path("invoice_subtotal"))).isEqualTo("0.12");
        assertThat(month.resale.shop.documents(month.account()).get(0).subtotal())
                .isEqualByComparingTo("0.12");
    }

    @Test
    void taxIsOnTheDiscountedAmount() {
        // given: 20.73 * 14.975 %
        String project = month.taxes("[{\"name\":\"GST\",\"rate\":\"14.975\"}]").project();
        month.metered.price("ip.floating", "20.73");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(each(data.path("invoice_taxes"), "amount")).containsExactly("3.1");
        assertThat(each(data.path("invoice_taxes"), "rate")).containsExactly("14.975");
        assertThat(each(data.path("invoice_taxes"), "description")).containsExactly("GST 14.975 %");
        assertThat(printed(data.path("invoice_total"))).isEqualTo("23.83");
    }

    @Test
    void smallTaxesAreRoundedHalfUp() {
        // given: 1.14 * 14.975 %
        String project = month.taxes("[{\"name\":\"GST\",\"rate\":\"14.975\"}]").project();
        month.metered.price("ip.floating", "1.14");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(each(data.path("invoice_taxes"), "amount")).containsExactly("0.17");
        assertThat(printed(data.path("invoice_total"))).isEqualTo("1.31");
    }

    @Test
    void aDiscountOfEverythingLeavesNothingAndNoTaxes() {
        // given
        String project = month.taxes("[{\"name\":\"GST\",\"rate\":\"14.975\"}]")
                .discount("100", "5")
                .project();
        month.metered.price("ip.floating", "24.04");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(printed(data.path("invoice_subtotal"))).isEqualTo("24.04");
        assertThat(printed(data.path("invoice_discount_percentage"))).isEqualTo("100");
        assertThat(printed(data.path("invoice_discount_percentage_value"))).isEqualTo("24.04");
        assertThat(printed(data.path("invoice_discount_flat"))).isEqualTo("5");
        assertThat(printed(data.path("invoice_discount"))).isEqualTo("24.04");
        assertThat(data.path("invoice_taxes")).isEmpty();
        assertThat(printed(data.path("invoice_total"))).isEqualTo("0");
    }

    @Test
    void aProjectWithoutUsageIsThereWithItsObjectStorage() {
        // given
        String used = month.project();
        String idle = month.project();
        month.projectOf(month.client, month.reseller + ".none", "2026-11-01T00:00:00Z");
        month.metered.price("storage.objects.size", "0.001");
        month.metered
                .use(used, "", "storage.objects.size", "GiB", "50", OCTOBER, 36_000)
                .commit();
        // when
        JsonNode projects = month.close().data().path("invoice_projects");
        // then
        assertThat(each(projects, "id")).containsExactly(used, idle);
        assertThat(projects.get(0).path("entities").toString())
                .isEqualTo("[{\"id\":\"object_storage\",\"name\":\"\",\"description\":"
                        + "\"Total space used on object storage during the billing period.\",\"type\":\"object_storage\","
                        + "\"resource_id\":null,\"quantity\":500,\"rate\":0.001,\"rate_system\":\"flat\",\"total\":0.5,"
                        + "\"unit\":\"GiB-hour\"}]");
        assertThat(each(projects.get(1).path("entities"), "id")).containsExactly("object_storage");
        assertThat(each(projects.get(1).path("entities"), "total")).containsExactly("0");
    }

    @Test
    void tiersAreShownAsTheyWereBilled() {
        // given: 150 hours over two servers, 100 of them at 0.05
        String plan = Resale.fresh("plan");
        month.resale.shop.planOf(
                month.reseller,
                plan,
                "instance",
                "[{\"type\":\"volume\",\"mode\":\"graduated\",\"tiers\":[{\"from\":null,\"to\":\"100\",\"price\":\"0.05\"},"
                        + "{\"from\":\"100\",\"to\":null,\"price\":\"0.04\"}]}]");
        String project = month.project(plan);
        month.metered
                .use(project, "vm-1", "instance", "", "1", OCTOBER, 90 * 3_600, "\"flavor\":\"instance\"")
                .use(
                        project,
                        "vm-2",
                        "instance",
                        "",
                        "1",
                        "2026-10-05T00:00:00Z",
                        60 * 3_600,
                        "\"flavor\":\"instance\"")
                .commit();
        // when
        JsonNode entities = month.close().data().path("invoice_projects").get(0).path("entities");
        // then
        assertThat(each(entities, "total")).containsExactly("4.5", "2.5");
        assertThat(each(entities, "rate_system")).containsExactly("tiered", "tiered");
        assertThat(entities.get(1).path("rate").toString())
                .isEqualTo("[{\"from\":0,\"to\":100,\"rate\":0.05},{\"from\":100,\"to\":null,\"rate\":0.04}]");
        // and whatever the plan charges later
        month.resale.shop.execute("update plan_item set pricing = '[]'::jsonb where plan_id = ?", plan);
        assertThat(month.data().path("invoice_projects").get(0).path("entities"))
                .isEqualTo(entities);
    }

    @Test
    void aFixedPriceOfNoProjectIsTheClientsOwn() {
        // given
        String plan = Resale.fresh("plan");
        month.resale.shop.planOf(month.reseller, plan, "base", "[{\"type\":\"fixed\",\"price\":\"9.90\"}]");
        month.resale.shop.subscription(month.reseller, "s-" + plan, month.client, plan, "2026-10-01T00:00:00Z", 1);
        String project = month.project();
        String second = month.project();
        month.metered.price("ip.floating", "1");
        month.metered
                .use(project, "ip-1", "ip.floating", "", "1", OCTOBER, 3_600)
                .use(second, "ip-2", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(each(data.path("invoice_projects"), "id")).containsExactly(month.client, project, second);
        assertThat(each(data.path("invoice_projects"), "total")).containsExactly("9.9", "1", "1");
        assertThat(ResaleMonth.entity(data, "other").path("description").asText())
                .isEqualTo("Plan " + plan + ": The base");
        assertThat(printed(data.path("invoice_total"))).isEqualTo("11.9");
    }

    @Test
    void aFixedPriceOfNoProjectIsNotThatOfTheOnlyOneWithUsage() {
        // given: one project with usage, one with a fixed price alone, and a fixed price of none
        String plan = Resale.fresh("plan");
        month.resale.shop.planOf(month.reseller, plan, "base", "[{\"type\":\"fixed\",\"price\":\"9.90\"}]");
        month.resale.shop.subscription(month.reseller, "s-" + plan, month.client, plan, "2026-10-01T00:00:00Z", 1);
        String idle = month.projectOf(month.client, plan, "2026-10-01T00:00:00Z");
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered
                .use(project, "ip-1", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(each(data.path("invoice_projects"), "id")).containsExactly(month.client, idle, project);
        assertThat(each(data.path("invoice_projects"), "total")).containsExactly("9.9", "9.9", "1");
    }

    @Test
    void usageOfAMeterThatIsNoKindIsThereToo() {
        // given
        String project = month.project();
        month.metered.price("gpu.hours", "0.5");
        month.metered
                .use(project, "gpu-1", "gpu.hours", "hour", "3", OCTOBER, 10_800)
                .commit();
        // when
        JsonNode data = month.close().data();
        // then
        JsonNode other = ResaleMonth.entity(data, "other");
        assertThat(other.path("description").asText()).isEqualTo("gpu.hours");
        assertThat(printed(other.path("total"))).isEqualTo("1.5");
        assertThat(printed(data.path("invoice_total"))).isEqualTo("1.5");
    }

    @Test
    void theCurrencyIsThereWhereItIsNotTheMainOneWithTheRateOfTheDocument() {
        // given
        month.resale
                .post(
                        Resale.BILLING + "/currencies",
                        "{\"iso_code\":\"USD\",\"label\":\"Dollar\",\"plural_label\":\"Dollars\",\"symbol\":\"$\","
                                + "\"exchange_rate\":1.25}")
                .is(200);
        month.resale.shop.execute("update customer set currency = 'usd' where id = ?", month.client);
        String project = month.project();
        month.metered.price("ip.floating", "0.333");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        // when
        JsonNode usage = month.usage("");
        JsonNode invoice = month.close().invoice();
        String id = invoice.path("currency").path("uuid").asText();
        month.resale
                .put(Resale.BILLING + "/currencies/" + id, "{\"exchange_rate\":2}")
                .is(200);
        // then
        assertThat(month.invoice().path("currency")).isEqualTo(invoice.path("currency"));
        assertThat(invoice.path("currency").path("iso_code").asText()).isEqualTo("USD");
        assertThat(invoice.path("currency").path("symbol").asText()).isEqualTo("$");
        assertThat(invoice.path("currency").path("exchange_rate").decimalValue())
                .isEqualByComparingTo("1.25");
        assertThat(usage.path("currency")).isEqualTo(invoice.path("currency"));
        // 0.333 * 1.25 = 0.41625
        JsonNode entity = ResaleMonth.entity(invoice.path("data"), "floatingip");
        assertThat(printed(entity.path("rate"))).isEqualTo("0.41625");
        assertThat(printed(entity.path("total"))).isEqualTo("0.416");
        assertThat(printed(invoice.path("data").path("invoice_total"))).isEqualTo("0.42");
        assertThat(printed(usage.path("total"))).isEqualTo("0.42");
    }

    @Test
    void whatIsCreditedIsSaidAndTheInvoiceStaysAsItWasIssued() throws Exception {
        // given: two lines of 1.005 and 2 in one project
        String project = month.project();
        month.metered.price("ip.floating", "1.005").price("instance", "2");
        month.metered
                .use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600)
                .use(project, "vm", "instance", "", "1", OCTOBER, 3_600, "\"flavor\":\"pico\"")
                .commit();
        JsonNode issued = month.close().invoice();
        Shop shop = month.resale.shop;
        String number = shop.documents(month.account()).get(0).number();
        // when
        new Credits(shop.dataSource, CloseSettings.defaults(), shop.clock)
                .credit(new CreditOrder(number, new java.util.TreeSet<>(List.of(1)), "wrong"));
        JsonNode part = month.invoice();
        new DocumentVoiding(shop.dataSource, CloseSettings.defaults(), shop.clock)
                .credit(shop.documents(month.account()).get(0).key(), "all wrong");
        JsonNode all = month.invoice();
        // then
        assertThat(issued.has("credited")).isFalse();
        assertThat(printed(part.path("credited"))).isEqualTo("1.01");
        assertThat(printed(all.path("credited")))
                .isEqualTo(printed(issued.path("data").path("invoice_total")));
        assertThat(all.path("data")).isEqualTo(issued.path("data"));
    }

    @Test
    void aCorrectionIsAnEntityOfItsOwn() {
        // given: three hours that were two
        String project = month.project();
        month.metered.price("gpu.hours", "0.5");
        month.metered
                .use(project, "gpu", "gpu.hours", "hour", "3", OCTOBER, 10_800)
                .commit()
                .use(project, "gpu", "gpu.hours", "hour", "2", OCTOBER, 10_800)
                .commit()
                .acceptLast();
        // when
        JsonNode data = month.close().data();
        // then
        JsonNode entities = data.path("invoice_projects").get(0).path("entities");
        assertThat(each(entities, "quantity")).containsExactly("3", "-1");
        assertThat(each(entities, "total")).containsExactly("1.5", "-0.5");
        assertThat(each(entities, "uptime")).containsExactly("00:03:00:00", "00:00:00:00");
        assertThat(printed(data.path("invoice_total"))).isEqualTo("1");
    }

    @Test
    void aCorrectionIsNotRaisedToTheMinimumAgain() {
        // given: 0.002, billed as 0.01, that was 0.003
        String project = month.project();
        month.metered.price("gpu.hours", "0.001");
        month.metered
                .use(project, "gpu", "gpu.hours", "hour", "2", OCTOBER, 10_800)
                .commit()
                .use(project, "gpu", "gpu.hours", "hour", "3", OCTOBER, 10_800)
                .commit()
                .acceptLast();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(each(data.path("invoice_projects").get(0).path("entities"), "total"))
                .containsExactly("0.01", "0.001");
        assertThat(printed(data.path("invoice_total"))).isEqualTo("0.01");
    }

    @Test
    void anInvoiceIsPaidOnceTheMerchantSaysSo() {
        // given
        month.project();
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        JsonNode before = month.close().invoice();
        // when
        month.resale.shop.execute(
                "update invoice_status set paid = true, state = 'paid' where customer_id = ?", month.client);
        // then
        assertThat(before.path("processed").asBoolean()).isTrue();
        assertThat(before.path("paid").asBoolean()).isFalse();
        assertThat(month.invoice().path("paid").asBoolean()).isTrue();
    }

    @Test
    void theInvoicesOfADeletedClientStay() {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        month.close();
        // when
        month.resale.shop.execute(
                "update customer set deleted_at = ? where id = ?", Shop.at("2026-11-03T10:00:00Z"), month.client);
        // then
        JsonNode invoice = month.invoice();
        assertThat(invoice.path("deleted").asBoolean()).isTrue();
        assertThat(invoice.path("date_deleted").asText()).isEqualTo("2026-11-03T10:00:00+00:00");
        assertThat(invoice.path("client_id").asText()).isEqualTo(month.client);
    }

    @Test
    void theFirstPeriodBeginsWithTheSignUp() {
        // given
        month.resale.shop.execute(
                "update customer set created_at = ? where id = ?", Shop.at("2026-10-17T20:18:00Z"), month.client);
        String project = month.projectOf(month.client, month.reseller + ".none", "2026-10-17T20:18:00Z");
        month.metered.price("ip.floating", "1");
        month.metered
                .use(project, "ip", "ip.floating", "", "1", "2026-10-18T00:00:00Z", 3_600)
                .commit();
        // when
        JsonNode data = month.close().data();
        // then
        assertThat(data.path("invoice_period_start").asText()).isEqualTo("2026-10-17T20:18:00+00:00");
        assertThat(data.path("invoice_period_end").asText()).isEqualTo("2026-11-01T00:00:00+00:00");
        assertThat(data.path("subscription_period_start").asText()).isEqualTo("Sat, 17 Oct 2026 20:18:00 GMT");
        assertThat(data.path("subscription_period_end").asText()).isEqualTo("Sun, 01 Nov 2026 00:00:00 GMT");
    }

    @Test
    void theListHasTheNewestFirstAndEachIsFoundByItsId() {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered
                .use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600)
                .use(project, "ip", "ip.floating", "", "1", "2026-11-05T00:00:00Z", 7_200);
        month.resale.shop.clock.at("2026-11-06T00:00:00Z");
        month.metered.commit();
        month.close();
        month.resale.shop.clock.at("2026-12-02T00:00:00Z");
        month.resale.shop.close("2026-11", month.account());
        // when
        JsonNode list =
                month.resale.get(month.path() + "/invoices/").is(200).json().path("invoices");
        // then
        assertThat(list).hasSize(2);
        assertThat(list.get(0).path("data").path("invoice_period_start").asText())
                .startsWith("2026-11-01");
        assertThat(list.get(0)).isEqualTo(month.invoice());
        for (JsonNode one : list) {
            assertThat(month.resale
                            .get(month.path() + "/invoices/" + one.path("id").asText())
                            .is(200)
                            .json()
                            .path("invoice"))
                    .isEqualTo(one);
        }
    }

    @Test
    void lateUsageSaysItsMonth() {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        month.close();
        month.resale.shop.clock.at("2026-11-06T00:00:00Z");
        month.metered
                .use(project, "ip", "ip.floating", "", "1", "2026-10-02T00:00:00Z", 7_200)
                .use(project, "ip", "ip.floating", "", "1", "2026-11-05T00:00:00Z", 3_600)
                .commit();
        // when
        JsonNode used = month.usage("/projects/" + project).path("project").path("resources");
        month.resale.shop.clock.at("2026-12-02T00:00:00Z");
        month.resale.shop.close("2026-11", month.account());
        JsonNode entities = month.data().path("invoice_projects").get(0).path("entities");
        // then
        assertThat(each(entities, "description")).containsExactly("Floating IP", "Floating IP (2026-10)");
        assertThat(each(entities, "total")).containsExactly("1", "2");
        assertThat(each(used.path("floating_ips"), "total")).containsExactly("1", "2");
    }

    @Test
    void whatAnInvoiceSaysIsInTheContractsOrder() {
        // given
        String project = month.project();
        month.metered.price("instance", "1");
        month.metered
                .use(project, "vm", "instance", "", "1", OCTOBER, 3_600, "\"flavor\":\"pico\"")
                .commit();
        // when
        JsonNode invoice = month.close().invoice();
        // then
        assertThat(names(invoice))
                .containsExactly("id", "client_id", "deleted", "date_deleted", "processed", "paid", "data");
        assertThat(names(invoice.path("data")))
                .containsExactly(
                        "invoice_period_start",
                        "invoice_period_end",
                        "subscription_period_start",
                        "subscription_period_end",
                        "invoice_projects",
                        "invoice_subtotal",
                        "invoice_discount_percentage",
                        "invoice_discount_percentage_value",
                        "invoice_discount_flat",
                        "invoice_discount",
                        "invoice_taxes",
                        "invoice_total");
        JsonNode shown = invoice.path("data").path("invoice_projects").get(0);
        assertThat(names(shown)).containsExactly("id", "name", "region", "total", "entities");
        assertThat(names(shown.path("entities").get(0)))
                .containsExactly(
                        "id",
                        "name",
                        "description",
                        "type",
                        "resource_id",
                        "quantity",
                        "rate",
                        "rate_system",
                        "total",
                        "unit",
                        "size",
                        "uptime",
                        "active");
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new java.util.ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void whatIsAnotherResellersIsAsUnknownAsWhatIsNot() {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        String id = month.close().invoice().path("id").asText();
        String other = month.resale.reseller();
        String client = month.resale.client(other);
        // when
        month.resale.as(other);
        // then
        String own = Resale.BILLING + "/clients/" + client;
        String unknown = month.resale
                .get(Resale.BILLING + "/clients/nobody/invoices")
                .is(404)
                .body();
        for (String path : List.of("/invoices", "/invoices/last", "/invoices/" + id)) {
            assertThat(month.resale.get(month.path() + path).is(404).body()).isEqualTo(unknown);
        }
        assertThat(month.resale.get(own + "/invoices/" + id).is(404).body())
                .isEqualTo(month.resale.get(own + "/invoices/nothing").is(404).body());
        assertThat(month.resale.get(own + "/invoices").is(200).json().path("invoices"))
                .isEmpty();
        month.resale.get(own + "/invoices/last").is(404);
    }

    @Test
    void anInvoiceOfAnotherRoundingIsShownByProjectToo() {
        // given: lines rounded to the cent, 0.014 + 0.014 = 0.028
        month.resale.shop.execute("update customer set rounding = 'currency' where id = ?", month.client);
        String one = month.project();
        String other = month.project();
        month.metered.price("ip.floating", "0.014");
        month.metered
                .use(one, "ip-1", "ip.floating", "", "1", OCTOBER, 3_600)
                .use(other, "ip-2", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        // when
        JsonNode data = month.close().data();
        // then: each has its part, and together they are what was invoiced
        assertThat(each(data.path("invoice_projects"), "total")).containsExactly("0.02", "0.01");
        assertThat(printed(data.path("invoice_subtotal"))).isEqualTo("0.03");
    }
}
