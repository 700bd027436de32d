package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.api.rating.Calls.object;

import java.time.Instant;
import java.util.List;
import org.caravan.api.http.Caller;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mappings: made, listed by every filter, taken back; which periods may stand beside each other. */
class HashMapMappingsTest {
    private final Calls calls = new Calls();
    private String service;
    private String field;

    @BeforeEach
    void parents() {
        service = calls.service("instance");
        field = calls.field(service, "flavor");
    }

    private List<String> listed(String query) {
        Calls.Reply reply = calls.get("/mappings/" + query);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.each("mappings", "mapping_id");
    }

    @Test
    void aMappingIsAnsweredWithAllItsAttributesInTheirScales() {
        // given
        calls.now = Instant.parse("2026-11-20T10:00:00.123456Z");
        // when
        Calls.Reply made = calls.post(
                "/mappings/",
                "{\"cost\": 0.025, \"value\": null, \"service_id\": \"" + service
                        + "\", \"group_id\": null, \"field_id\": null, \"tenant_id\": null, \"type\": \"flat\"}");
        // then
        String id = made.text("mapping_id");
        String name = made.text("name");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers().get("Location")).endsWith("/hashmap/mappings/" + id);
        assertThat(name).matches("[0-9a-f]{32}");
        assertThat(made.body())
                .isEqualTo("{\"mapping_id\":\"" + id + "\",\"value\":null,\"type\":\"flat\","
                        + "\"cost\":\"0.0250000000000000000000000000\",\"service_id\":\"" + service
                        + "\",\"field_id\":null,\"group_id\":null,\"tenant_id\":null,"
                        + "\"created_at\":\"2026-11-20T10:00:00.123456\",\"start\":\"2026-11-20T10:00:00.123456\","
                        + "\"end\":null,\"name\":\"" + name + "\",\"description\":null,\"deleted\":null,"
                        + "\"created_by\":\"kiri\",\"updated_by\":null,\"deleted_by\":null}");
        assertThat(calls.get("/mappings/" + id).body()).isEqualTo(made.body());
        assertThat(calls.get("/mappings?mapping_id=" + id).body()).isEqualTo(made.body());
    }

    @Test
    void aCostIsKeptExactlyAsNumberOrAsText() {
        // given / when / then
        String[] costs = {
            "0.2", "0.2000000000000000000000000000",
            "\"0.1\"", "0.1000000000000000000000000000",
            "-1.5", "-1.5000000000000000000000000000",
            "1e2", "100.0000000000000000000000000000",
            "\" 7 \"", "7.0000000000000000000000000000",
            "999999999999.9999999999999999999999999999", "999999999999.9999999999999999999999999999",
            "\"0.0000000000000000000000000001\"", "0.0000000000000000000000000001",
            "0.30000000000000004", "0.3000000000000000400000000000"
        };
        for (int i = 0; i < costs.length; i += 2) {
            Calls.Reply made = calls.post(
                    "/mappings",
                    "{\"field_id\": \"" + field + "\", \"value\": \"v" + i + "\", \"cost\": " + costs[i] + "}");
            assertThat(made.text("cost")).isEqualTo(costs[i + 1]);
            assertThat(made.text("type")).isEqualTo("flat");
        }
    }

    @Test
    void anUnsetValueStaysAsItWasSent() {
        // given / when / then
        Calls.Reply absent = calls.post("/mappings", object("service_id", service, "cost", "1", "tenant_id", "a"));
        assertThat(absent.json().get("value").textValue()).isEmpty();
        Calls.Reply empty =
                calls.post("/mappings", object("service_id", service, "cost", "1", "tenant_id", "b", "value", ""));
        assertThat(empty.json().get("value").textValue()).isEmpty();
        Calls.Reply nothing =
                calls.post("/mappings", object("service_id", service, "cost", "1", "tenant_id", "c", "value", null));
        assertThat(nothing.json().get("value").isNull()).isTrue();
        assertThat(calls.get("/mappings/" + empty.text("mapping_id")).json()).isEqualTo(empty.json());
    }

    @Test
    void datesAreReadWithAnyOffsetAndWrittenAsUtcWithoutOne() {
        // given / when
        Calls.Reply made = calls.post(
                "/mappings",
                object("service_id", service, "cost", "1", "start", "2027-01-01T00:00:00+13:00", "end", "2027-02-03"));
        // then
        assertThat(made.text("start")).isEqualTo("2026-12-31T11:00:00");
        assertThat(made.text("end")).isEqualTo("2027-02-03T23:59:59");
        assertThat(calls.post(
                                "/mappings",
                                object("service_id", service, "cost", "1", "tenant_id", "a", "start", "2027-01-01"))
                        .text("start"))
                .isEqualTo("2027-01-01T00:00:00");
    }

    @Test
    void aListIsNarrowedByEachFilter() {
        // given
        String group = calls.group("compute");
        String plain = calls.mapping("service_id", service, "cost", "1", "description", "The Plain one");
        String grouped = calls.mapping("field_id", field, "value", "a", "cost", "1", "group_id", group);
        String tenants = calls.mapping("field_id", field, "value", "a", "cost", "1", "tenant_id", "acme");
        String past = calls.mapping(
                "field_id", field, "value", "b", "cost", "1", "start", "2026-01-01", "end", "2026-02-01T00:00:00");
        String coming = calls.mapping("field_id", field, "value", "b", "cost", "1", "start", "2027-01-01");
        calls.caller = Caller.admin("moana", Caller.Kind.KEYSTONE);
        String gone = calls.mapping("field_id", field, "value", "c", "cost", "1");
        calls.delete("/mappings/" + gone);
        calls.put("/mappings/" + coming, object("cost", "2", "description", "50% more"));

        // when / then
        assertThat(listed("")).containsExactly(plain, grouped, tenants, past, coming);
        assertThat(listed("?deleted=True")).containsExactly(plain, grouped, tenants, past, coming, gone);
        assertThat(listed("?service_id=" + service)).containsExactly(plain);
        assertThat(listed("?field_id=" + field)).containsExactly(grouped, tenants, past, coming);
        assertThat(listed("?service_id=" + service + "&field_id=" + field)).containsExactly(plain);
        assertThat(listed("?group_id=" + group)).containsExactly(grouped);
        assertThat(listed("?no_group=True")).containsExactly(plain, tenants, past, coming);
        assertThat(listed("?no_group=True&group_id=" + group)).containsExactly(grouped);
        assertThat(listed("?tenant_id=acme")).hasSize(5);
        assertThat(listed("?tenant_id=acme&filter_tenant=True")).containsExactly(tenants);
        assertThat(listed("?filter_tenant=True")).containsExactly(plain, grouped, past, coming);
        assertThat(listed("?start=2026-11-20T10:00:00")).containsExactly(plain, grouped, tenants, coming);
        assertThat(listed("?end=2026-03-01T00:00:00%2B00:00")).containsExactly(past);
        assertThat(listed("?end=2026-02-01T00:00:00")).isEmpty();
        assertThat(listed("?created_by=moana&deleted=true")).containsExactly(gone);
        assertThat(listed("?updated_by=moana")).containsExactly(coming);
        assertThat(listed("?deleted_by=moana")).isEmpty();
        assertThat(listed("?deleted_by=moana&deleted=true")).containsExactly(gone);
        assertThat(listed("?description=plain")).containsExactly(plain);
        assertThat(listed("?description=50%25")).containsExactly(coming);
        assertThat(listed("?description=_")).isEmpty();
        assertThat(listed("?is_active=true")).containsExactly(plain, grouped, tenants);
        assertThat(listed("?is_active=true&deleted=true")).containsExactly(plain, grouped, tenants);
        assertThat(listed("?all=false&field_id=" + field)).hasSize(4);
        assertThat(listed("?service_id=zz")).isEmpty();
        assertThat(listed("?group_id=zz")).isEmpty();
    }

    @Test
    void oneThatIsTakenBackIsStillThereForWhoAsksByItsId() {
        // given
        String id = calls.mapping("service_id", service, "cost", "1");
        calls.caller = Caller.admin(null, Caller.Kind.NOBODY);
        // when
        Calls.Reply deleted = calls.send("DELETE", "/mappings/", object("mapping_id", id));
        // then
        assertThat(deleted.status()).isEqualTo(204);
        Calls.Reply held = calls.get("/mappings/" + id);
        assertThat(held.status()).isEqualTo(200);
        assertThat(held.text("deleted")).isEqualTo("2026-11-20T10:00:00");
        assertThat(held.text("deleted_by")).isEqualTo("unknown");
        assertThat(listed("")).isEmpty();

        // when / then: not twice
        assertThat(calls.delete("/mappings/" + id).fault()).isEqualTo("No such mapping: " + id);
        assertThat(calls.put("/mappings/" + id, object("cost", "1")).status()).isEqualTo(404);
        // and its place and name are free
        assertThat(calls.mapping("service_id", service, "cost", "1", "name", held.text("name")))
                .isNotEqualTo(id);
    }

    @Test
    void periodsOfOnePlaceMayTouchButNotOverlap() {
        // given
        String[] base = {"field_id", field, "value", "a", "cost", "1"};
        calls.mapping(join(base, "start", "2027-01-01T00:00:00", "end", "2027-02-01T00:00:00"));
        // when / then: they touch
        String open = calls.mapping(join(base, "start", "2027-02-01T00:00:00"));
        calls.mapping(join(base, "start", "2026-12-01T00:00:00", "end", "2027-01-01T00:00:00"));
        // they overlap: within, around, at the end, beyond the open one
        for (String[] period : new String[][] {
            {"start", "2027-01-10T00:00:00", "end", "2027-01-11T00:00:00"},
            {"start", "2026-11-30T00:00:00", "end", "2027-12-01T00:00:00"},
            {"start", "2027-01-31T23:59:59.999999"},
            {"start", "2030-01-01T00:00:00"},
            {}
        }) {
            Calls.Reply reply = calls.post("/mappings", object(join(base, period)));
            assertThat(reply.status()).as(String.join(" ", period)).isEqualTo(409);
            assertThat(reply.fault()).isEqualTo("Mapping 'a' already exists for field '" + field + "', tenant: 'None'");
        }
        // another value, tenant or group is another place
        calls.mapping("field_id", field, "value", "A", "cost", "1");
        calls.mapping(join(base, "tenant_id", "acme"));
        String group = calls.group("g");
        calls.mapping(join(base, "group_id", group));
        // a group of the default group's name is none
        String none = calls.group("_DEFAULT_");
        assertThat(calls.post("/mappings", object(join(base, "group_id", none))).status())
                .isEqualTo(409);
        // an end makes room
        assertThat(calls.put("/mappings/" + open, object("cost", "1", "end", "2027-03-01T00:00:00"))
                        .status())
                .isEqualTo(302);
        calls.mapping(join(base, "start", "2027-03-01T00:00:00"));
    }

    private static String[] join(String[] some, String... others) {
        String[] all = java.util.Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }

    @Test
    void rulesOfATariffFileThatAlwaysWereStandBesideThoseOfTheApi() {
        // given
        calls.execute("insert into rule_mapping (service, field, value, type, cost, created_at, created_by)"
                + " select f.service, f.id, 'a', 'flat', 0.10, now(), 'file' from rule_field f");
        // when
        String id = listed("").get(0);
        Calls.Reply held = calls.get("/mappings/" + id);
        // then
        assertThat(held.text("start")).isNull();
        assertThat(held.text("cost")).isEqualTo("0.1000000000000000000000000000");
        assertThat(listed("?is_active=true")).containsExactly(id);
        assertThat(calls.post(
                                "/mappings?force=true",
                                object(
                                        "field_id",
                                        field,
                                        "value",
                                        "a",
                                        "cost",
                                        "1",
                                        "start",
                                        "1999-01-01",
                                        "end",
                                        "1999-02-01"))
                        .status())
                .isEqualTo(409);
        assertThat(calls.put("/mappings/" + id, object("cost", "0.1", "end", "2026-12-01T00:00:00"))
                        .status())
                .isEqualTo(302);
        assertThat(calls.get("/mappings/" + id).text("end")).isEqualTo("2026-12-01T00:00:00");
    }

    @Test
    void aListLongerThanTheLimitIsRefused() {
        // given
        Calls few = new Calls(new RatingSettings(302, 2));
        String parent = few.service("instance");
        for (String tenant : List.of("a", "b")) {
            few.mapping("service_id", parent, "cost", "1", "tenant_id", tenant);
        }
        assertThat(few.get("/mappings").status()).isEqualTo(200);
        // when
        few.mapping("service_id", parent, "cost", "1");
        // then
        assertThat(few.get("/mappings").status()).isEqualTo(400);
        assertThat(few.get("/mappings?filter_tenant=true").status()).isEqualTo(200);
    }
}
