package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.api.rating.Calls.object;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thresholds: each call of the contract. */
class HashMapThresholdsTest {
    private final Calls calls = new Calls();
    private String service;
    private String field;

    @BeforeEach
    void parents() {
        service = calls.service("instance");
        field = calls.field(service, "ram");
    }

    private List<String> listed(String query) {
        Calls.Reply reply = calls.get("/thresholds/" + query);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.each("thresholds", "threshold_id");
    }

    @Test
    void aThresholdIsMadeFoundAndRemoved() {
        // given / when
        Calls.Reply made = calls.post(
                "/thresholds/",
                "{\"cost\": 0.9, \"level\": \"10\", \"service_id\": \"" + service
                        + "\", \"field_id\": null, \"group_id\": null, \"tenant_id\": null, \"type\": \"rate\"}");
        // then
        String id = made.text("threshold_id");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers().get("Location")).endsWith("/thresholds/" + id);
        assertThat(made.body())
                .isEqualTo("{\"threshold_id\":\"" + id + "\",\"level\":\"10.00000000\",\"type\":\"rate\","
                        + "\"cost\":\"0.9000000000000000000000000000\",\"service_id\":\"" + service
                        + "\",\"field_id\":null,\"group_id\":null,\"tenant_id\":null}");
        assertThat(calls.get("/thresholds/" + id).body()).isEqualTo(made.body());
        assertThat(calls.get("/thresholds/?threshold_id=" + id).body()).isEqualTo(made.body());

        // when / then
        assertThat(calls.send("DELETE", "/thresholds/", object("threshold_id", id))
                        .status())
                .isEqualTo(204);
        assertThat(calls.get("/thresholds/" + id).fault()).isEqualTo("No such threshold: " + id);
        assertThat(calls.delete("/thresholds/" + id).status()).isEqualTo(404);
    }

    @Test
    void aListIsNarrowedByEachFilter() {
        // given
        String group = calls.group("compute");
        String ofService = calls.threshold("service_id", service, "level", "1", "cost", "1");
        String ofField = calls.threshold("field_id", field, "level", "1", "cost", "1");
        String grouped = calls.threshold("field_id", field, "level", "2", "cost", "1", "group_id", group);
        String tenants = calls.threshold("field_id", field, "level", "1", "cost", "1", "tenant_id", "acme");
        // when / then
        assertThat(listed("?service_id=" + service)).containsExactly(ofService);
        assertThat(listed("?field_id=" + field)).containsExactly(ofField, grouped, tenants);
        assertThat(listed("?group_id=" + group)).containsExactly(grouped);
        assertThat(listed("?group_id=" + group + "&no_group=True")).containsExactly(grouped);
        assertThat(listed("?field_id=" + field + "&no_group=True")).containsExactly(ofField, tenants);
        assertThat(listed("?field_id=" + field + "&filter_tenant=True&tenant_id=acme"))
                .containsExactly(tenants);
        assertThat(listed("?field_id=" + field + "&filter_tenant=True")).containsExactly(ofField, grouped);
        assertThat(listed("?field_id=zz")).isEmpty();
    }

    @Test
    void aPutSetsLevelTypeCostGroupAndTenantAtAnyTimeAndTheSameAgainNothing() {
        // given
        String group = calls.group("compute");
        String id = calls.threshold("field_id", field, "level", "1", "cost", "1");
        String wanted = object(
                "threshold_id",
                id,
                "level",
                "12",
                "type",
                "rate",
                "cost",
                "0.85",
                "service_id",
                null,
                "field_id",
                field,
                "group_id",
                group,
                "tenant_id",
                "acme");
        // when
        Calls.Reply reply = calls.put("/thresholds/", wanted);
        // then
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.headers().get("Location")).endsWith("/hashmap/thresholds/");
        assertThat(calls.get("/thresholds/" + id).body())
                .isEqualTo("{\"threshold_id\":\"" + id + "\",\"level\":\"12.00000000\",\"type\":\"rate\","
                        + "\"cost\":\"0.8500000000000000000000000000\",\"service_id\":null,\"field_id\":\"" + field
                        + "\",\"group_id\":\"" + group + "\",\"tenant_id\":\"acme\"}");
        // when / then
        String version = calls.version();
        for (int i = 0; i < 30; i++) {
            assertThat(calls.put("/thresholds/", wanted).status()).isEqualTo(302);
        }
        assertThat(calls.version()).isEqualTo(version);
    }

    @Test
    void aTenantHasOneOfEachLevelAndOfThoseForAllTheLaterOneCounts() {
        // given
        calls.threshold("service_id", service, "level", "10", "cost", "1", "tenant_id", "acme");
        // when
        Calls.Reply again = calls.post(
                "/thresholds", object("service_id", service, "level", "10.0", "cost", "2", "tenant_id", "acme"));
        // then
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.fault())
                .isEqualTo("Threshold '10.0' already exists for service '" + service + "', tenant: 'None'");
        // and by a change
        String other = calls.threshold("service_id", service, "level", "11", "cost", "1", "tenant_id", "acme");
        assertThat(calls.put("/thresholds/" + other, object("level", "10", "cost", "1", "tenant_id", "acme"))
                        .status())
                .isEqualTo(409);

        // when: for every tenant
        calls.threshold("service_id", service, "level", "5", "cost", "1");
        calls.threshold("service_id", service, "level", "5", "cost", "3");
        // then
        var pricing = calls.tariff
                .get()
                .resolve("instance", "umbrella", java.util.Map.of(), java.util.Map.of(), 0)
                .pricing();
        assertThat(pricing.amount(new java.math.BigDecimal("7"), null)).isEqualByComparingTo("3");
    }
}
