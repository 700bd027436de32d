package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.caravan.reseller.ResellerFile;
import org.caravan.subscription.Shop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Usage of the open month by provider, project and kind of resource. */
class ResellerUsageTest {
    private static final String OCTOBER = "2026-10-01T00:00:00Z";
    private static final List<String> AMOUNTS =
            List.of("subtotal", "discount_percentage", "discount", "taxes", "total");

    private ResaleMonth month;

    @BeforeEach
    void open() {
        month = new ResaleMonth();
    }

    private static String printed(JsonNode number) {
        return ResaleMonth.printed(number);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> each(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.path(field).asText())
                .toList();
    }

    /** One resource of every kind, 1.00 each. */
    private String everyKind() {
        String project = month.project();
        String[][] all = {
            {"instance", "", "1", "\"flavor\":\"general.pico\",\"name\":\"web\""},
            {"ip.floating", "", "1", ""},
            {"volume.size", "GB", "40", "\"volume_type\":\"ssd\",\"size\":\"40\",\"name\":\"data\""},
            {"snapshot.size", "GiB", "40", ""},
            {"image.size", "GiB", "250", ""},
            {"instance.snapshot.size", "hour", "1", "\"size\":50"},
            {"loadbalancer", "hour", "1", ""},
            {"loadbalancer.bytes", "GB", "3.5", ""},
            {"network.incoming.bytes", "GB", "1.25", ""},
            {"network.outgoing.bytes", "GB", "2", ""},
            {"dns.zone", "zone", "1", ""},
            {"storage.objects.size", "GiB", "8", ""},
            {"gpu.hours", "hour", "2", ""},
        };
        for (String[] one : all) {
            String resource = one[0].equals("storage.objects.size") ? "" : "r-" + one[0];
            month.metered
                    .price(
                            one[0],
                            BigDecimal.ONE
                                    .divide(new BigDecimal(one[2]), 10, java.math.RoundingMode.UP)
                                    .toString())
                    .use(project, resource, one[0], one[1], one[2], OCTOBER, 3_600, one[3]);
        }
        month.metered.commit();
        return project;
    }

    @Test
    void everyKindHasItsFieldsAndWords() {
        // given
        String project = everyKind();
        // when
        JsonNode usage = month.usage("/projects/" + project);
        // then
        JsonNode resources = usage.path("project").path("resources");
        assertThat(names(resources))
                .containsExactly(
                        "servers",
                        "floating_ips",
                        "volumes",
                        "volume_snapshots",
                        "server_snapshots",
                        "images",
                        "load_balancers",
                        "load_balancers_bandwidth",
                        "network_bandwidth",
                        "dns_zones",
                        "object_storage",
                        "others");
        List<String> shown = new ArrayList<>();
        resources.fields().forEachRemaining(kind -> kind.getValue()
                .forEach(one -> shown.add(kind.getKey() + ": "
                        + one.path("description").asText() + " | "
                        + one.path("unit").asText() + " | " + one.path("size").asText() + " | "
                        + one.path("uptime").asText("none") + " | "
                        + one.path("quantity").asText("-"))));
        assertThat(shown)
                .containsExactly(
                        "servers: general.pico | hour | null | 00:01:00:00 | -",
                        "floating_ips: Floating IP | hour | null | 00:01:00:00 | -",
                        "volumes: ssd 40GB | GB-hour | 40 GB | 00:01:00:00 | -",
                        "volume_snapshots: 40GiB Volume Snapshot | GiB-hour | 40 GiB | 00:01:00:00 | -",
                        "server_snapshots: 50 GiB Server Snapshot | hour | 50 GiB | 00:01:00:00 | -",
                        "images: 250 GiB Image | GiB-hour | 250 GiB | 00:01:00:00 | -",
                        "load_balancers: Loadbalancer | hour | null | 00:01:00:00 | -",
                        "load_balancers_bandwidth: Loadbalancer Bandwidth | GB | null | 00:01:00:00 | 3.5",
                        "network_bandwidth: Network Bytes Ingress | GB | null | 00:01:00:00 | 1.25",
                        "network_bandwidth: Network Bytes Egress | GB | null | 00:01:00:00 | 2",
                        "dns_zones: DNS Zone | zone | null | 00:01:00:00 | -",
                        "object_storage: Total space used on object storage during the billing period. | GiB-hour | null | none"
                                + " | -",
                        "others: gpu.hours | hour | null | 00:01:00:00 | 2");
        assertThat(names(resources.path("servers").get(0)))
                .containsExactly("id", "name", "description", "resource_id", "unit", "size", "uptime", "total");
        assertThat(resources.path("servers").get(0).path("name").asText()).isEqualTo("web");
        assertThat(names(resources.path("volumes").get(0))).contains("storage_type");
        assertThat(resources.path("object_storage").get(0).toString())
                .isEqualTo("{\"id\":\"object_storage\",\"name\":\"\",\"description\":"
                        + "\"Total space used on object storage during the billing period.\",\"resource_id\":null,"
                        + "\"unit\":\"GiB-hour\",\"size\":null,\"total\":1}");
        assertThat(each(resources.path("network_bandwidth"), "name")).containsExactly("Ingress", "Egress");
        // all kinds are in the sum
        assertThat(printed(usage.path("subtotal"))).isEqualTo("13");
    }

    @Test
    void anUnusedMonthHasEveryKeyAndNoAmount() {
        // given
        String project = month.project();
        // when
        JsonNode usage = month.usage("/projects/" + project);
        // then
        assertThat(usage.path("project").path("resources")).hasSize(12).allSatisfy(kind -> assertThat(kind)
                .isEmpty());
        assertThat(names(usage))
                .containsExactly(
                        "usage_period_start",
                        "usage_period_end",
                        "project",
                        "subtotal",
                        "discount_percentage",
                        "discount",
                        "taxes",
                        "total");
        assertThat(usage.path("usage_period_start").asText()).isEqualTo("2026-10-01T00:00:00.000+00:00");
        assertThat(usage.path("usage_period_end").asText()).isEqualTo("2026-11-01T00:00:00.000+00:00");
        assertThat(printed(usage.path("total"))).isEqualTo("0");
        assertThat(month.usage("").path("providers")).isEmpty();
    }

    @Test
    void usageIsWhatIsIssuedToTheLastDigit() {
        // given
        month.taxes("[{\"name\":\"GST\",\"rate\":\"14.975\"},{\"name\":\"City\",\"rate\":\"0.333\"}]")
                .discount("7.5", "0.35");
        String one = everyKind();
        String other = month.project();
        month.metered
                .price("instance", "0.00591")
                .in("south")
                .use(other, "vm-1", "instance", "", "1", OCTOBER, 62_958, "\"flavor\":\"pico\"")
                .use(other, "vm-2", "instance", "", "1", OCTOBER, 1_157_407, "\"flavor\":\"pico\"")
                .commit();
        // when
        JsonNode usage = month.usage("");
        JsonNode data = month.close().data();
        // then
        assertThat(usage.path("subtotal")).isEqualTo(data.path("invoice_subtotal"));
        assertThat(usage.path("discount")).isEqualTo(data.path("invoice_discount"));
        assertThat(usage.path("taxes")).isEqualTo(data.path("invoice_taxes"));
        assertThat(usage.path("total")).isEqualTo(data.path("invoice_total"));
        List<String> used = new ArrayList<>();
        usage.path("providers").forEach(provider -> provider.path("projects").forEach(project -> project.path(
                        "resources")
                .forEach(kind -> kind.forEach(line -> used.add(line.path("id").asText() + " " + line.path("total"))))));
        List<String> billed = new ArrayList<>();
        data.path("invoice_projects").forEach(project -> project.path("entities")
                .forEach(entity -> billed.add(entity.path("id").asText() + " " + entity.path("total"))));
        assertThat(used).containsExactlyInAnyOrderElementsOf(billed).hasSize(15);
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void partsAreByProviderAndByProject() {
        // given: two projects, one of them in two datacenters
        month.taxes("[{\"name\":\"GST\",\"rate\":\"10\"}]").discount("50", "0");
        String one = month.project();
        String other = month.project();
        String idle = month.project();
        month.metered.price("ip.floating", "2");
        month.metered
                .in("north")
                .use(one, "ip-1", "ip.floating", "", "1", OCTOBER, 3_600)
                .use(other, "ip-2", "ip.floating", "", "1", OCTOBER, 3_600)
                .in("south")
                .use(one, "ip-3", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        // when
        JsonNode all = month.usage("");
        JsonNode north = month.usage("/providers/north");
        JsonNode south = month.usage("/providers/south");
        JsonNode project = month.usage("/projects/" + one);
        // then
        assertThat(each(all.path("providers"), "id")).containsExactly("north", "south");
        assertThat(each(all.path("providers"), "uuid")).containsExactly("north", "south");
        assertThat(each(all.path("providers").get(1).path("projects"), "id")).containsExactly(one, idle);
        assertThat(north.path("provider").toString())
                .isEqualTo("{\"id\":\"north\",\"uuid\":\"north\",\"name\":\"north\"}");
        assertThat(each(north.path("projects"), "id")).containsExactly(one, other, idle);
        assertThat(each(south.path("projects"), "id")).containsExactly(one, idle);
        assertThat(project.path("project").path("resources").path("floating_ips"))
                .hasSize(2);
        assertThat(amounts(all)).isEqualTo("6 50 3 0.3 3.3");
        assertThat(amounts(north)).isEqualTo("4 50 2 0.2 2.2");
        assertThat(amounts(south)).isEqualTo("2 50 1 0.1 1.1");
        assertThat(amounts(project)).isEqualTo("4 50 2 0.2 2.2");
        assertThat(amounts(month.usage("/projects/" + idle))).isEqualTo("0 50 0 - 0");
    }

    @Test
    void whatAPlanPricesIsWhereItWasUsed() {
        // given: 100 hours at 0.05 and what is beyond at 0.04, over two datacenters, and a fixed price that is nowhere
        String plan = Resale.fresh("plan");
        month.resale.shop.planOf(
                month.reseller,
                plan,
                "instance",
                "[{\"type\":\"volume\",\"mode\":\"graduated\",\"tiers\":[{\"from\":null,\"to\":\"100\",\"price\":\"0.05\"},"
                        + "{\"from\":\"100\",\"to\":null,\"price\":\"0.04\"}]},{\"type\":\"fixed\",\"price\":\"9.9\"}]");
        String project = month.projectOf(month.client, plan, "2026-10-01T00:00:00Z");
        String flavor = "\"flavor\":\"instance\"";
        month.metered
                .in("north")
                .use(project, "vm-1", "instance", "", "1", OCTOBER, 90 * 3_600, flavor)
                .in("south")
                .use(project, "vm-2", "instance", "", "1", "2026-10-05T00:00:00Z", 60 * 3_600, flavor)
                .commit();
        // when
        JsonNode all = month.usage("");
        JsonNode north = month.usage("/providers/north");
        JsonNode south = month.usage("/providers/south");
        JsonNode projects = month.close().data().path("invoice_projects");
        // then
        assertThat(each(all.path("providers"), "id")).containsExactly("none", "north", "south");
        assertThat(amounts(all)).isEqualTo("16.9 0 0 - 16.9");
        assertThat(amounts(north)).isEqualTo("4.5 0 0 - 4.5");
        assertThat(amounts(south)).isEqualTo("2.5 0 0 - 2.5");
        assertThat(each(projects, "region")).containsExactly("", "north", "south");
        assertThat(each(projects, "total")).containsExactly("9.9", "4.5", "2.5");
    }

    @Test
    void pricesOfAnotherCurrencyAreNotShownAsTheLedgers() {
        // given: a merchant whose prices are in dollars, which holds its customers' months
        String plan = Resale.fresh("plan");
        month.resale.shop.planOf(
                month.reseller,
                plan,
                "instance",
                "[{\"type\":\"volume\",\"tiers\":[{\"from\":null,\"price\":\"2\"}]}]");
        String project = month.project(plan);
        month.resale.shop.execute("insert into currency (name, title) values ('usd', 'usd') on conflict do nothing");
        month.resale.shop.execute("update merchant set currency = 'usd' where id = ?", month.reseller);
        month.metered
                .use(project, "vm-1", "instance", "", "1", OCTOBER, 3_600, "\"flavor\":\"instance\"")
                .commit();
        // when
        Resale.Reply reply = month.resale.get(month.path() + "/usage/");
        // then
        assertThat(reply.status()).isEqualTo(503);
    }

    private static String amounts(JsonNode usage) {
        JsonNode tax = usage.path("taxes").path(0).path("amount");
        return printed(usage.path("subtotal")) + " " + printed(usage.path("discount_percentage")) + " "
                + printed(usage.path("discount")) + " " + (tax.isMissingNode() ? "-" : printed(tax)) + " "
                + printed(usage.path("total"));
    }

    @Test
    void aProviderIsTheCloudOfItsDatacenters() {
        // given
        Resale described = new Resale(ResellerFile.parse(
                """
                providers:
                  - {id: canada, name: Canada Cloud, datacenters: [mtl, tor]}
                kinds:
                  gpu.hours: servers
                """,
                "reseller.yaml"));
        String project = month.project();
        month.metered.price("gpu.hours", "2");
        month.metered
                .in("mtl")
                .use(project, "gpu-1", "gpu.hours", "hour", "1", OCTOBER, 3_600)
                .in("tor")
                .use(project, "gpu-2", "gpu.hours", "hour", "1", OCTOBER, 3_600)
                .commit();
        described.as(month.reseller);
        // when
        JsonNode usage = described
                .get(month.path() + "/providers/canada/usage")
                .is(200)
                .json()
                .path("usage");
        // then
        assertThat(usage.path("provider").path("name").asText()).isEqualTo("Canada Cloud");
        assertThat(usage.path("projects")).hasSize(1);
        assertThat(each(usage.path("projects").get(0).path("resources").path("servers"), "id"))
                .containsExactly("gpu-1", "gpu-2");
        assertThat(printed(usage.path("subtotal"))).isEqualTo("4");
        described.get(month.path() + "/providers/mtl/usage").is(404);
    }

    @Test
    void whatIsInNoDatacenterIsInACloudOfItsOwn() {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered
                .in("")
                .use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        // when
        JsonNode usage = month.usage("");
        // then
        assertThat(each(usage.path("providers"), "id")).containsExactly("none");
        assertThat(printed(month.usage("/providers/none").path("total"))).isEqualTo("1");
    }

    @Test
    void usageIsFreshToTheLastCommittedBatch() throws Exception {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered.use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600).commit();
        String first = printed(month.usage("").path("total"));
        // when
        month.metered
                .use(project, "ip", "ip.floating", "", "1", "2026-10-01T01:00:00Z", 3_600)
                .commit();
        String unrolled = printed(month.usage("").path("total"));
        org.caravan.ledger.RollUp.run(month.resale.shop.dataSource);
        // then
        assertThat(first).isEqualTo("1");
        assertThat(unrolled).isEqualTo("2");
        assertThat(printed(month.usage("").path("total"))).isEqualTo("2");
        assertThat(each(
                        month.usage("/projects/" + project)
                                .path("project")
                                .path("resources")
                                .path("floating_ips"),
                        "uptime"))
                .containsExactly("00:02:00:00");
    }

    @Test
    void whatAResellerWroteBesideAResourceIsShownWithIt() {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered
                .use(project, "ip-noted", "ip.floating", "", "1", OCTOBER, 3_600)
                .use(project, "ip-plain", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        // when
        month.resale.shop.execute(
                "insert into resource_metadata (merchant_id, realm, tenant, resource, metadata, updated_at)"
                        + " values (?, 'default', ?, 'ip-noted', '{\"owner\":\"ann\"}', now())",
                month.reseller,
                project);
        // then
        JsonNode ips = month.usage("/projects/" + project)
                .path("project")
                .path("resources")
                .path("floating_ips");
        assertThat(ips.get(0).path("reseller_metadata").toString()).isEqualTo("{\"owner\":\"ann\"}");
        assertThat(ips.get(1).has("reseller_metadata")).isFalse();
    }

    @Test
    void thePeriodBeginsWithTheSignUpAndAProjectsUsageIsItsLastClients() {
        // given: a project that another client had in October, too
        month.resale.shop.execute(
                "update customer set created_at = ? where id = ?", Shop.at("2026-10-17T20:18:00.250Z"), month.client);
        String before = month.resale.client(month.reseller);
        String project = month.projectOf(before, month.reseller + ".none", "2026-09-02T00:00:00Z");
        month.resale.shop.end("s-" + project, "2026-10-16T00:00:00Z");
        month.resale.shop.clock.at("2026-10-31T23:30:00Z");
        month.resale.shop.subscription(
                month.reseller, "t-" + project, month.client, month.reseller + ".none", "2026-10-17T21:00:00Z", 1);
        month.resale.shop.tie("t-" + project, project);
        month.metered.price("ip.floating", "1");
        month.metered
                .use(project, "ip", "ip.floating", "", "1", "2026-10-20T00:00:00Z", 3_600)
                .commit();
        // when
        JsonNode usage = month.usage("");
        // then
        assertThat(usage.path("usage_period_start").asText()).isEqualTo("2026-10-17T20:18:00.000+00:00");
        assertThat(printed(usage.path("total"))).isEqualTo("1");
        assertThat(printed(month.resale
                        .get(Resale.BILLING + "/clients/" + before + "/usage")
                        .is(200)
                        .json()
                        .path("usage")
                        .path("total")))
                .isEqualTo("0");
    }

    @Test
    void whatIsAnotherResellersIsAsUnknownAsWhatIsNot() {
        // given
        String project = month.project();
        month.metered.price("ip.floating", "1");
        month.metered
                .in("hidden-" + month.reseller)
                .use(project, "ip", "ip.floating", "", "1", OCTOBER, 3_600)
                .commit();
        String other = month.resale.reseller();
        String client = month.resale.client(other);
        // when
        month.resale.as(other);
        // then
        String own = Resale.BILLING + "/clients/" + client;
        String nobody = month.resale
                .get(Resale.BILLING + "/clients/nobody/usage")
                .is(404)
                .body();
        assertThat(month.resale.get(month.path() + "/usage").is(404).body()).isEqualTo(nobody);
        assertThat(month.resale
                        .get(month.path() + "/projects/" + project + "/usage")
                        .is(404)
                        .body())
                .isEqualTo(nobody);
        assertThat(month.resale
                        .get(own + "/projects/" + project + "/usage")
                        .is(404)
                        .body())
                .isEqualTo(month.resale
                        .get(own + "/projects/nothing/usage")
                        .is(404)
                        .body());
        assertThat(month.resale
                        .get(own + "/providers/hidden-" + month.reseller + "/usage")
                        .is(404)
                        .body())
                .isEqualTo(month.resale
                        .get(own + "/providers/nowhere/usage")
                        .is(404)
                        .body());
        assertThat(AMOUNTS).allSatisfy(amount -> assertThat(month.resale
                        .get(own + "/usage")
                        .is(200)
                        .json()
                        .path("usage")
                        .has(amount))
                .isTrue());
    }

    @Test
    void usageThatCantBePricedIsRefusedRatherThanWrong() {
        // given: a product whose stored price can't be read
        String plan = Resale.fresh("plan");
        month.resale.shop.planOf(month.reseller, plan, "instance", "[{\"type\":\"magic\"}]");
        String project = month.project(plan);
        month.metered
                .use(project, "vm", "instance", "", "1", OCTOBER, 3_600, "\"flavor\":\"instance\"")
                .commit();
        // when
        String answer = month.resale.get(month.path() + "/usage").is(503).body();
        // then
        assertThat(answer).doesNotContain("magic").contains("can't be billed");
    }
}
