package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.api.rating.Calls.object;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Services, fields and groups: each call of the contract, and what a delete takes along. */
class HashMapParentsTest {
    private final Calls calls = new Calls();

    @Test
    void typesAreFlatAndRate() {
        // given / when
        Calls.Reply types = calls.get("/types/");
        // then
        assertThat(types.status()).isEqualTo(200);
        assertThat(types.body()).isEqualTo("[\"flat\",\"rate\"]");
    }

    @Test
    void aServiceIsMadeFoundListedAndRemovedByItsIdWhereverThatStands() {
        // given
        assertThat(calls.get("/services").body()).isEqualTo("{\"services\":[]}");
        // when
        Calls.Reply made = calls.post("/services/", object("name", "instance"));
        // then
        String id = made.text("service_id");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body()).isEqualTo("{\"service_id\":\"" + id + "\",\"name\":\"instance\"}");
        assertThat(made.headers())
                .containsEntry("Location", "http://hub.example:9534" + Calls.BASE + "/services/" + id);
        assertThat(calls.get("/services/" + id).body()).isEqualTo(made.body());
        assertThat(calls.get("/services/" + id + "/").body()).isEqualTo(made.body());
        assertThat(calls.get("/services?service_id=" + id).body()).isEqualTo(made.body());
        assertThat(calls.get("/v1/billing/module_config/hashmap/services").each("services", "name"))
                .containsExactly("instance");

        // when / then: path, body, query
        assertThat(calls.delete("/services/" + id).status()).isEqualTo(204);
        assertThat(calls.get("/services/" + id).status()).isEqualTo(404);
        String second = calls.service("instance");
        assertThat(second).isNotEqualTo(id);
        Calls.Reply gone = calls.send("DELETE", "/services/", object("service_id", second));
        assertThat(gone.status()).isEqualTo(204);
        assertThat(gone.body()).isEmpty();
        String third = calls.service("instance");
        assertThat(calls.delete("/services?service_id=" + third).status()).isEqualTo(204);
        assertThat(calls.get("/services").each("services", "name")).isEmpty();
    }

    @Test
    void aFieldBelongsToItsServiceAndGoesWithIt() {
        // given
        String service = calls.service("instance");
        String other = calls.service("volume");
        // when
        Calls.Reply made = calls.post("/fields/", object("name", "flavor", "service_id", service));
        // then
        String id = made.text("field_id");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body())
                .isEqualTo("{\"field_id\":\"" + id + "\",\"name\":\"flavor\",\"service_id\":\"" + service + "\"}");
        assertThat(made.headers().get("Location")).endsWith("/fields/" + id);
        assertThat(calls.get("/fields/" + id).body()).isEqualTo(made.body());
        calls.field(service, "image");
        calls.field(other, "flavor");
        assertThat(calls.get("/fields/?service_id=" + service).each("fields", "name"))
                .containsExactly("flavor", "image");
        assertThat(calls.get("/fields/?service_id=zz").body()).isEqualTo("{\"fields\":[]}");

        // when
        calls.delete("/services/" + service);
        // then
        assertThat(calls.get("/fields/" + id).status()).isEqualTo(404);
        assertThat(calls.get("/fields/?service_id=" + service).each("fields", "name"))
                .isEmpty();
        assertThat(calls.get("/fields/?service_id=" + other).each("fields", "name"))
                .containsExactly("flavor");
    }

    @Test
    void whatIsBeneathAServiceOrFieldGoesWithItForGoodButStaysForTheAudit() {
        // given
        String service = calls.service("instance");
        String field = calls.field(service, "flavor");
        String ofService = calls.mapping("service_id", service, "cost", "1");
        String ofField = calls.mapping("field_id", field, "value", "small", "cost", "2");
        String level = calls.threshold("field_id", field, "level", "1", "cost", "1");
        String levelOfService = calls.threshold("service_id", service, "level", "1", "cost", "1");

        // when
        assertThat(calls.send("DELETE", "/fields/", object("field_id", field)).status())
                .isEqualTo(204);
        // then
        assertThat(calls.get("/fields/" + field).fault()).isEqualTo("No such field: " + field);
        assertThat(calls.get("/mappings/" + ofField).fault()).isEqualTo("No such mapping: " + ofField);
        assertThat(calls.get("/thresholds/" + level).status()).isEqualTo(404);
        assertThat(calls.get("/mappings?deleted=true").each("mappings", "mapping_id"))
                .containsExactly(ofService);

        // when
        calls.delete("/services/" + service);
        // then
        assertThat(calls.get("/mappings?deleted=true").each("mappings", "mapping_id"))
                .isEmpty();
        assertThat(calls.get("/thresholds/" + levelOfService).status()).isEqualTo(404);
        assertThat(calls.ask("select count(*) from rule_mapping where deleted_by = 'kiri'"
                        + " and deleted_at = '2026-11-20T10:00:00Z'"))
                .isEqualTo("2");
    }

    @Test
    void aGroupLetsItsRulesGoOrTakesThemAlong() {
        // given
        String service = calls.service("instance");
        Calls.Reply made = calls.post("/groups/", object("name", "compute"));
        String group = made.text("group_id");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body()).isEqualTo("{\"group_id\":\"" + group + "\",\"name\":\"compute\"}");
        assertThat(calls.get("/groups/" + group).body()).isEqualTo(made.body());
        assertThat(calls.get("/groups/").each("groups", "name")).containsExactly("compute");
        String mapping = calls.mapping("service_id", service, "cost", "1", "group_id", group);
        String level = calls.threshold("service_id", service, "level", "1", "cost", "1", "group_id", group);

        // when / then: what is in it
        assertThat(calls.get("/groups/mappings?group_id=" + group).each("mappings", "mapping_id"))
                .containsExactly(mapping);
        assertThat(calls.get("/groups/thresholds?group_id=" + group).each("thresholds", "threshold_id"))
                .containsExactly(level);
        assertThat(calls.get("/mappings/group?mapping_id=" + mapping).text("name"))
                .isEqualTo("compute");
        assertThat(calls.get("/thresholds/group?threshold_id=" + level).text("name"))
                .isEqualTo("compute");
        assertThat(calls.get("/groups/mappings?group_id=zz").body()).isEqualTo("{\"mappings\":[]}");
        assertThat(calls.get("/groups/thresholds?group_id=zz").body()).isEqualTo("{\"thresholds\":[]}");

        // when: it goes alone
        assertThat(calls.delete("/groups/" + group).status()).isEqualTo(204);
        // then
        assertThat(calls.get("/groups/" + group).fault()).isEqualTo("No such group: None (UUID: " + group + ")");
        assertThat(calls.get("/mappings/" + mapping).text("group_id")).isNull();
        assertThat(calls.get("/thresholds/" + level).text("group_id")).isNull();
        assertThat(calls.get("/mappings/group?mapping_id=" + mapping).fault())
                .isEqualTo("Mapping has no group (UUID: " + mapping + ")");
        assertThat(calls.get("/thresholds/group?threshold_id=" + level).fault())
                .isEqualTo("Threshold has no group (UUID: " + level + ")");

        // when: another takes its rules along
        String second = calls.group("compute");
        String within = calls.mapping("service_id", service, "cost", "2", "group_id", second);
        String levelWithin = calls.threshold("service_id", service, "level", "2", "cost", "1", "group_id", second);
        Calls.Reply deleted =
                calls.send("DELETE", "/groups/", "{\"group_id\": \"" + second + "\", \"recursive\": true}");
        // then
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(calls.get("/mappings/" + within).status()).isEqualTo(404);
        assertThat(calls.get("/thresholds/" + levelWithin).status()).isEqualTo(404);
        assertThat(calls.get("/mappings").each("mappings", "mapping_id")).isEqualTo(List.of(mapping));
        String third = calls.group("compute");
        String alsoWithin = calls.mapping("service_id", service, "cost", "2", "group_id", third);
        assertThat(calls.delete("/groups/" + third + "?recursive=True").status())
                .isEqualTo(204);
        assertThat(calls.get("/mappings/" + alsoWithin).status()).isEqualTo(404);
    }
}
