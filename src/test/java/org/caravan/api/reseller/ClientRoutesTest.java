package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients and their resources. */
class ClientRoutesTest {
    private static final String CLIENTS = Resale.ACCOUNT + "/clients/";

    private static ResaleMonth month;
    private static String project;
    private static String server;
    private static String volume;

    @BeforeAll
    static void use() {
        month = new ResaleMonth();
        project = month.project();
        server = Resale.fresh("server");
        volume = Resale.fresh("volume");
        month.resale.shop.clock.at("2026-11-20T00:00:00Z");
        month.metered
                .price("instance", "0.1")
                .price("volume.size", "0.001")
                .in(Resale.fresh("place"))
                .use(project, server, "instance", "", "1", "2026-11-02T00:00:00Z", 3_600, "\"flavor\":\"m1\"")
                .use(project, server, "instance", "", "1", "2026-11-03T00:00:00Z", 3_600, "\"flavor\":\"m2\"")
                .use(
                        project,
                        volume,
                        "volume.size",
                        "GB",
                        "40",
                        "2026-11-02T00:00:00Z",
                        3_600,
                        "\"volume_type\":\"ssd\"")
                .commit();
    }

    private static List<String> fields(JsonNode node) {
        List<String> fields = new ArrayList<>();
        node.fieldNames().forEachRemaining(fields::add);
        return fields;
    }

    private static String datacenter() {
        return month.resale
                .get(CLIENTS + month.client + "/projects/" + project + "/resources/")
                .is(200)
                .json()
                .get(0)
                .get("region")
                .asText();
    }

    @Test
    void aClientIsShownWithItsProjectsAndWhereItIs() {
        // given
        Resale resale = month.resale;
        resale.shop.execute(
                "insert into contact_info (id, customer_id, place, email, company, locality, country_name)"
                        + " values (?, ?, 1, 'ann@example.org', 'Ann Ltd', 'Montreal', 'Canada')",
                Resale.fresh("contact"),
                month.client);
        // when
        JsonNode clients = resale.get(CLIENTS).is(200).json();
        // then
        assertThat(clients).hasSize(1);
        JsonNode client = clients.get(0);
        assertThat(fields(client))
                .containsExactly(
                        "id",
                        "email",
                        "activated",
                        "validated",
                        "billing_status",
                        "date_created",
                        "date_deleted",
                        "deleted",
                        "default_project_id",
                        "projects",
                        "reseller_id",
                        "client_information");
        assertThat(client.get("id").asText()).isEqualTo(month.client);
        assertThat(client.get("email").asText()).isEqualTo("ann@example.org");
        assertThat(client.get("activated").asBoolean()).isTrue();
        assertThat(client.get("validated").asBoolean()).isFalse();
        assertThat(client.get("billing_status").asText()).isEqualTo("active");
        assertThat(client.get("date_created").asText()).isEqualTo("2026-09-01T00:00:00+00:00");
        assertThat(client.get("deleted").asBoolean()).isFalse();
        assertThat(client.get("default_project_id").asText()).isEqualTo(project);
        assertThat(client.at("/projects/0/id").asText()).isEqualTo(project);
        assertThat(client.get("reseller_id").asText()).isEqualTo(month.reseller);
        assertThat(client.at("/client_information/city").asText()).isEqualTo("Montreal");
    }

    @Test
    void clientsAreNarrowedToACloudAndCutIntoParts() {
        // given
        Resale resale = new Resale();
        String reseller = resale.reseller();
        resale.as(reseller);
        List<String> made = List.of(resale.client(reseller), resale.client(reseller), resale.client(reseller));
        resale.shop.execute("update customer set deleted_at = now() where id = ?", made.get(1));
        // when
        Resale.Reply first = resale.get(CLIENTS + "?limit=2").is(200);
        Resale.Reply rest =
                resale.get(CLIENTS + "?limit=2&marker=" + made.get(1)).is(200);
        // then
        assertThat(first.each("id")).containsExactly(made.get(0), made.get(1));
        assertThat(first.each("deleted")).containsExactly("false", "true");
        assertThat(first.each("billing_status")).containsOnly("inactive");
        assertThat(first.headers().get("Link")).contains("?limit=2&marker=" + made.get(1) + ">; rel=\"next\"");
        assertThat(rest.each("id")).containsExactly(made.get(2));
        assertThat(rest.headers()).doesNotContainKey("Link");
        resale.get(CLIENTS + "?marker=" + month.client).is(400);
        resale.get(CLIENTS + "?provider_id=nowhere").is(404);
        String place = datacenter();
        assertThat(month.resale.get(CLIENTS + "?provider_id=" + place).is(200).each("id"))
                .containsExactly(month.client);
        // a cloud that only another reseller's clients use is none
        resale.get(CLIENTS + "?provider_id=" + place).is(404);
    }

    @Test
    void aResourceIsListedOnceByProjectAndByCloud() {
        // given
        Resale resale = month.resale;
        resale.put(Resale.BILLING + "/resources/" + volume + "/metadata", "{\"metadata\":{\"k\":1}}")
                .is(200);
        String byProject = CLIENTS + month.client + "/projects/" + project + "/resources/";
        // when
        JsonNode resources = resale.get(byProject).is(200).json();
        // then
        assertThat(resources)
                .extracting(node -> node.get("resource_id").asText())
                .containsExactly(server, volume);
        assertThat(resources).extracting(node -> node.get("type").asText()).containsExactly("server", "volume");
        assertThat(fields(resources.get(1)))
                .containsExactly(
                        "id",
                        "name",
                        "description",
                        "type",
                        "resource_id",
                        "size",
                        "storage_type",
                        "project_id",
                        "provider_id",
                        "region",
                        "reseller_metadata");
        assertThat(resources.get(1).get("storage_type").asText()).isEqualTo("ssd");
        assertThat(resources.get(1).at("/reseller_metadata/k").asInt()).isEqualTo(1);
        assertThat(resale.get(CLIENTS + month.client + "/providers/" + datacenter() + "/resources")
                        .is(200)
                        .json())
                .isEqualTo(resources);
        Resale.Reply part = resale.get(byProject + "?limit=1").is(200);
        assertThat(part.json()).hasSize(1);
        String link = part.headers().get("Link");
        String next = link.substring(link.indexOf('/', "<http://".length()), link.indexOf('>'));
        assertThat(resale.get(next).is(200).json()).containsExactly(resources.get(1));
        resale.get(byProject + "?marker=x").is(400);
        resale.get(CLIENTS + month.client + "/projects/nothing/resources").is(404);
        resale.get(CLIENTS + month.client + "/providers/nowhere/resources").is(404);
        resale.get(CLIENTS + "nobody/projects/" + project + "/resources").is(404);
    }
}
