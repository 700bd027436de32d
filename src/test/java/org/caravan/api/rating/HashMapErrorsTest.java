package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.api.rating.Calls.object;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every row of the contract's table of errors, with its status and its words. */
class HashMapErrorsTest {
    private static final String NOBODY = "11111111-2222-3333-4444-555555555555";

    private final Calls calls = new Calls();
    private String service;
    private String field;

    @BeforeEach
    void parents() {
        service = calls.service("instance");
        field = calls.field(service, "flavor");
    }

    private static void check(Calls.Reply reply, int status, String fault) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.fault()).isEqualTo(fault);
        assertThat(reply.text("faultcode")).isEqualTo("Client");
    }

    @Test
    void whatIsNoJson() {
        // given / when / then
        for (String body : new String[] {"{bad", "[", "\"", "{\"a\":1,\"a\":2}", "nul", "{} {}"}) {
            check(calls.post("/services", body), 400, "Request is not in valid JSON format");
        }
    }

    @Test
    void whatIsNotKnown() {
        // given / when / then
        check(
                calls.post("/services", object("name", "x", "bogus", "1")),
                400,
                "Unknown attribute for argument service_data: bogus");
        check(
                calls.post("/services", object("name", "x", "bogus", "1", "more", "2")),
                400,
                "Unknown attributes for argument service_data: bogus, more");
        check(calls.post("/fields", object("bogus", "1")), 400, "Unknown attribute for argument field_data: bogus");
        check(calls.post("/groups", object("bogus", "1")), 400, "Unknown attribute for argument group_data: bogus");
        check(calls.post("/mappings", object("bogus", "1")), 400, "Unknown attribute for argument mapping_data: bogus");
        check(
                calls.post("/thresholds", object("bogus", "1")),
                400,
                "Unknown attribute for argument threshold_data: bogus");
        check(calls.get("/services?deleted=true"), 400, "Unknown argument: \"deleted\"");
        check(calls.get("/thresholds?deleted=true"), 400, "Unknown argument: \"deleted\"");
        check(calls.get("/mappings?limit=3"), 400, "Unknown argument: \"limit\"");
        check(calls.send("DELETE", "/groups/", "{\"bogus\":1}"), 400, "Unknown argument: \"bogus\"");
    }

    @Test
    void whatIsMissing() {
        // given / when / then
        check(calls.get("/fields"), 400, "Missing argument: \"service_id\"");
        check(calls.delete("/services"), 400, "Missing argument: \"service_id\"");
        check(calls.send("DELETE", "/mappings/", "{}"), 400, "Missing argument: \"mapping_id\"");
        check(calls.put("/mappings/", object("cost", "1")), 400, "Missing argument: \"mapping_id\"");
        check(calls.get("/groups/mappings"), 400, "Missing argument: \"group_id\"");
        check(calls.post("/services", null), 400, "Missing argument: \"service_data\"");
        for (String body : new String[] {"{}", "{\"name\":null}"}) {
            check(
                    calls.post("/services", body),
                    400,
                    "Invalid input for field/attribute name. Value: 'None'. Mandatory field missing.");
        }
        check(
                calls.post("/fields", object("name", "x")),
                400,
                "Invalid input for field/attribute service_id. Value: 'None'. Mandatory field missing.");
        check(
                calls.post("/mappings", object("field_id", field, "value", "big")),
                400,
                "Invalid input for field/attribute cost. Value: 'None'. Mandatory field missing.");
        check(
                calls.put("/mappings/" + NOBODY, "{}"),
                400,
                "Invalid input for field/attribute cost. Value: 'None'. Mandatory field missing.");
        check(
                calls.post("/thresholds", object("service_id", service, "cost", "1")),
                400,
                "Invalid input for field/attribute level. Value: 'None'. Mandatory field missing.");
    }

    @Test
    void whatIsOfAWrongKind() {
        // given
        String type = "Invalid input for field/attribute type. Value: 'bad'. Value should be one of: flat, rate";
        String uuid = "Invalid input for field/attribute service_id. Value: 'zz'. Invalid UUID, got 'zz'";
        // when / then
        check(calls.post("/mappings", object("service_id", service, "cost", "1", "type", "bad")), 400, type);
        check(
                calls.post("/thresholds", object("service_id", service, "cost", "1", "level", "1", "type", "bad")),
                400,
                type);
        check(calls.post("/mappings", object("service_id", "zz", "cost", "1")), 400, uuid);
        check(calls.post("/fields", object("name", "x", "service_id", "zz")), 400, uuid);
        for (String cost : new String[] {"\"abc\"", "\"\"", "\"NaN\"", "\"Infinity\"", "true", "[1]", "\"0x1\""}) {
            assertThat(calls.post("/mappings", "{\"service_id\":\"" + service + "\",\"cost\":" + cost + "}")
                            .fault())
                    .startsWith("Invalid input for field/attribute cost. Value: '")
                    .endsWith("Value should be a decimal number.");
        }
        for (String cost : new String[] {"1000000000000", "0.00000000000000000000000000001", "1e40"}) {
            assertThat(calls.post("/mappings", object("service_id", service, "cost", cost))
                            .fault())
                    .endsWith("Value should have at most 12 digits before and 28 after the point.");
        }
        for (String cost : new String[] {"1e999999999", "1e-999999999", "9".repeat(200)}) {
            assertThat(calls.post("/mappings", "{\"service_id\":\"" + service + "\",\"cost\":" + cost + "}")
                            .status())
                    .isEqualTo(400);
        }
        check(
                calls.post("/services", "{\"name\":5}"),
                400,
                "Invalid input for field/attribute name. Value: '5'. Wrong type. Expected text.");
        assertThat(calls.post("/services", object("name", "x".repeat(256))).fault())
                .endsWith("Value should have a maximum character requirement of 255");
        assertThat(calls.post("/services", object("name", "")).status()).isEqualTo(400);
        assertThat(calls.post("/services", object("name", "😀".repeat(255))).status())
                .isEqualTo(201);
        assertThat(calls.post("/services", "{\"name\":\"a\\u0000b\"}").fault()).contains("can't be kept");
        assertThat(calls.post("/services", "{\"name\":\"\\ud800\"}").fault()).contains("can't be kept");
        assertThat(calls.get("/mappings?description=%00").status()).isEqualTo(400);
        assertThat(calls.get("/mappings?is_active=perhaps").status()).isEqualTo(400);
        assertThat(calls.get("/mappings?start=yesterday").status()).isEqualTo(400);
        for (String time :
                new String[] {"", "2026", "2026-02-30", "2026-01-01T25:00:00", "0000-01-01", "99999-01-01"}) {
            assertThat(calls.post("/mappings", object("service_id", service, "cost", "1", "start", time))
                            .fault())
                    .startsWith("Invalid input for field/attribute start. Value: '" + time + "'.");
        }
        for (String body : new String[] {"[]", "5", "\"x\"", "true"}) {
            assertThat(calls.post("/services", body).status()).isEqualTo(400);
        }
    }

    @Test
    void parentsAndValues() {
        // given
        String both = "You can only specify one parent.";
        String none = "You must specify one parent.";
        // when / then
        check(calls.post("/mappings", object("service_id", service, "field_id", field, "cost", "1")), 400, both);
        check(calls.post("/mappings", object("cost", "1")), 400, none);
        check(
                calls.post("/thresholds", object("service_id", service, "field_id", field, "cost", "1", "level", "1")),
                400,
                both);
        check(calls.post("/thresholds", object("cost", "1", "level", "1")), 400, none);
        check(
                calls.post("/mappings", object("service_id", service, "cost", "1", "value", "x")),
                400,
                "You can't specify a value and a service_id.");
        for (String value : new String[] {null, ""}) {
            check(
                    calls.post("/mappings", object("field_id", field, "cost", "1", "value", value)),
                    400,
                    "You must specify a value for a field mapping.");
        }
        check(
                calls.post("/mappings", object("field_id", field, "cost", "1")),
                400,
                "You must specify a value for a field mapping.");
        check(calls.get("/mappings?all=false"), 400, "You must specify either service_uuid, field_uuid or group_uuid.");
        check(calls.get("/thresholds"), 400, "You must specify either service_uuid, field_uuid or group_uuid.");
    }

    @Test
    void whatABodyNamesAndIsNotThere() {
        // given / when / then
        String noService = "No such service: None (UUID: " + NOBODY + ")";
        String noGroup = "No such group: None (UUID: " + NOBODY + ")";
        check(calls.post("/fields", object("name", "x", "service_id", NOBODY)), 400, noService);
        check(calls.post("/mappings", object("service_id", NOBODY, "cost", "1")), 400, noService);
        check(
                calls.post("/mappings", object("field_id", NOBODY, "value", "x", "cost", "1")),
                400,
                "No such field: " + NOBODY);
        check(calls.post("/mappings", object("service_id", service, "cost", "1", "group_id", NOBODY)), 400, noGroup);
        check(calls.post("/thresholds", object("service_id", NOBODY, "cost", "1", "level", "1")), 400, noService);
        check(
                calls.post("/thresholds", object("field_id", NOBODY, "cost", "1", "level", "1")),
                400,
                "No such field: " + NOBODY);
        check(
                calls.post("/thresholds", object("service_id", service, "cost", "1", "level", "1", "group_id", NOBODY)),
                400,
                noGroup);
        String level = calls.threshold("service_id", service, "cost", "1", "level", "1");
        check(calls.put("/thresholds/" + level, object("cost", "1", "level", "2", "group_id", NOBODY)), 400, noGroup);
    }

    @Test
    void whatIsNotThere() {
        // given / when / then
        for (String id : new String[] {NOBODY, "nosuch", "1-1-1-1-1"}) {
            check(calls.get("/services/" + id), 404, "No such service: None (UUID: " + id + ")");
            check(calls.delete("/services/" + id), 404, "No such service: None (UUID: " + id + ")");
            check(calls.get("/fields/" + id), 404, "No such field: " + id);
            check(calls.delete("/fields/" + id), 404, "No such field: " + id);
            check(calls.get("/groups/" + id), 404, "No such group: None (UUID: " + id + ")");
            check(calls.delete("/groups/" + id), 404, "No such group: None (UUID: " + id + ")");
            check(calls.get("/mappings/" + id), 404, "No such mapping: " + id);
            check(calls.put("/mappings/" + id, object("cost", "1")), 404, "No such mapping: " + id);
            check(calls.delete("/mappings/" + id), 404, "No such mapping: " + id);
            check(calls.get("/mappings/group?mapping_id=" + id), 404, "No such mapping: " + id);
            check(calls.get("/thresholds/" + id), 404, "No such threshold: " + id);
            check(calls.put("/thresholds/" + id, object("cost", "1", "level", "1")), 404, "No such threshold: " + id);
            check(calls.delete("/thresholds/" + id), 404, "No such threshold: " + id);
            check(calls.get("/thresholds/group?threshold_id=" + id), 404, "No such threshold: " + id);
        }
    }

    @Test
    void timesOfANewRule() {
        // given
        String[] past = {"service_id", service, "cost", "0.1", "start", "2020-01-01T00:00:00"};
        // when / then
        check(
                calls.post("/mappings", object(past)),
                400,
                "Cannot create a rule with start in the past. start=[2020-01-01 00:00:00]"
                        + " current time=[2026-11-20 10:00:00].");
        check(
                calls.post(
                        "/mappings?force=true",
                        object("service_id", service, "cost", "0.1", "start", "2020-01-01", "end", "2019-01-01")),
                400,
                "Cannot create a rule with start after end. start=[2020-01-01 00:00:00] end=[2019-01-01 23:59:59].");
        check(
                calls.post(
                        "/mappings",
                        object(
                                "service_id",
                                service,
                                "cost",
                                "0.1",
                                "start",
                                "2027-01-01",
                                "end",
                                "2027-01-01T00:00:00")),
                400,
                "Cannot create a rule with start after end. start=[2027-01-01 00:00:00] end=[2027-01-01 00:00:00].");
        // an end alone: it begins now
        check(
                calls.post("/mappings", object("service_id", service, "cost", "0.1", "end", "2026-01-01")),
                400,
                "Cannot create a rule with start after end. start=[2026-11-20 10:00:00] end=[2026-01-01 23:59:59].");
        Calls.Reply endAlone =
                calls.post("/mappings", object("service_id", service, "cost", "0.1", "end", "2030-01-01"));
        assertThat(endAlone.status()).isEqualTo(201);
        assertThat(endAlone.text("start")).isEqualTo("2026-11-20T10:00:00");
        // force lifts nothing else
        check(
                calls.post("/mappings?force=true", object(past)),
                409,
                "Mapping '' already exists for service '" + service + "', tenant: 'None'");
    }

    @Test
    void whatIsThereAlready() {
        // given
        String group = calls.group("compute");
        calls.mapping("field_id", field, "value", "small", "cost", "1", "tenant_id", "acme", "name", "a");
        // when / then
        check(
                calls.post("/services", object("name", "instance")),
                409,
                "Service instance already exists (UUID: " + service + ")");
        check(
                calls.post("/fields", object("name", "flavor", "service_id", service)),
                409,
                "Field flavor already exists (UUID: " + field + ")");
        check(
                calls.post("/groups", object("name", "compute")),
                409,
                "Group compute already exists (UUID: " + group + ")");
        check(
                calls.post(
                        "/mappings", object("field_id", field, "value", "small", "cost", "1.5", "tenant_id", "acme")),
                409,
                "Mapping 'small' already exists for field '" + field + "', tenant: 'acme'");
        check(
                calls.post("/mappings", object("field_id", field, "value", "big", "cost", "1.5", "name", "a")),
                409,
                "Mapping 'big' already exists for field '" + field + "', tenant: 'None'");
        calls.mapping("service_id", service, "cost", "1", "value", null);
        check(
                calls.post("/mappings", "{\"service_id\":\"" + service + "\",\"cost\":1,\"value\":null}"),
                409,
                "Mapping 'None' already exists for service '" + service + "', tenant: 'None'");
    }

    @Test
    void wrongVerbsAndUnknownPaths() {
        // given / when / then
        assertThat(calls.get("").status()).isEqualTo(405);
        assertThat(calls.get("/nosuch").status()).isEqualTo(405);
        assertThat(calls.put("/services", "{}").status()).isEqualTo(405);
        assertThat(calls.put("/fields/" + field, "{}").status()).isEqualTo(405);
        assertThat(calls.post("/mappings/" + NOBODY, "{}").status()).isEqualTo(405);
        assertThat(calls.send("PATCH", "/groups", "{}").status()).isEqualTo(405);
        assertThat(calls.get("/services/" + service + "/nosuch").status()).isEqualTo(405);
    }

    @Test
    void whoMayNot() {
        // given
        calls.asUser("acme");
        // when / then
        for (String path : new String[] {"/types", "/services", "/fields", "/groups", "/mappings", "/thresholds"}) {
            check(calls.get(path), 403, "Policy doesn't allow rating:module_config to be performed.");
        }
        check(calls.delete("/services/" + service), 403, "Policy doesn't allow rating:module_config to be performed.");
        calls.caller = null;
        assertThat(calls.get("/services").status()).isEqualTo(401);
    }
}
