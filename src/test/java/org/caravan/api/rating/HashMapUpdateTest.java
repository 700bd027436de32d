package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.api.rating.Calls.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.caravan.api.http.Caller;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a PUT may change of a mapping, and that the same PUT again changes nothing. */
class HashMapUpdateTest {
    private static final String RUNNING =
            "You are allowed to update only the attribute [end] as this rule is already running as it started on [";

    private final Calls calls = new Calls();
    private String service;
    private String field;

    @BeforeEach
    void parents() {
        service = calls.service("instance");
        field = calls.field(service, "flavor");
    }

    /** The object as a client reads it, with some attributes set, as it sends it back. */
    private String echoed(String id, String... changes) {
        ObjectNode object = calls.get("/mappings/" + id).json().deepCopy();
        for (int i = 0; i < changes.length; i += 2) {
            object.put(changes[i], changes[i + 1]);
        }
        return object.toString();
    }

    @Test
    void aRunningRuleTakesAnEndAndNothingElse() {
        // given
        String id = calls.mapping("field_id", field, "value", "small", "cost", "1.5");
        calls.now = calls.now.plusSeconds(60);
        // when / then
        for (String[] other : new String[][] {
            {"cost", "2"},
            {"cost", "1.5", "type", "rate"},
            {"cost", "1.5", "value", "large"},
            {"cost", "1.5", "name", "another"},
            {"cost", "1.5", "description", "new"},
            {"cost", "1.5", "tenant_id", "acme"},
            {"cost", "1.5", "group_id", calls.group("g" + calls.now)},
            {"cost", "1.5", "start", "2026-12-01T00:00:00"}
        }) {
            calls.now = calls.now.plusSeconds(1);
            Calls.Reply reply = calls.put("/mappings/" + id, object(other));
            assertThat(reply.status()).as(String.join(" ", other)).isEqualTo(400);
            assertThat(reply.fault()).isEqualTo(RUNNING + "2026-11-20 10:00:00]");
        }
        assertThat(calls.put("/mappings/" + id, object("cost", "1.50", "end", "2026-11-20T10:00:30"))
                        .fault())
                .startsWith(
                        "End date must be in the future. end=[2026-11-20 10:00:30] current time=[2026-11-20 10:01:");

        // when
        calls.caller = Caller.admin("moana", Caller.Kind.KEY);
        Calls.Reply ended = calls.put("/mappings/", echoed(id, "end", "2026-12-01T00:00:00"));
        // then
        assertThat(ended.status()).isEqualTo(302);
        assertThat(ended.body()).isEqualTo("null");
        assertThat(ended.headers().get("Location")).isEqualTo("http://hub.example:9534" + Calls.BASE + "/mappings/");
        assertThat(calls.get("/mappings/" + id).text("end")).isEqualTo("2026-12-01T00:00:00");
        assertThat(calls.get("/mappings/" + id).text("updated_by")).isEqualTo("moana");
        assertThat(calls.get("/mappings/" + id).text("created_by")).isEqualTo("kiri");

        // when / then: an end is said once
        assertThat(calls.put("/mappings/" + id, object("cost", "1.5", "end", "2026-12-02T00:00:00"))
                        .fault())
                .isEqualTo("Cannot update a rule that was already processed and has a defined end date.");
    }

    @Test
    void theSamePutThirtyOneTimesHasNoEffectBeyondTheFirst() {
        // given
        String running = calls.mapping("field_id", field, "value", "small", "cost", "1.5");
        String coming = calls.mapping("field_id", field, "value", "large", "cost", "1", "start", "2027-01-01");
        calls.now = calls.now.plusSeconds(1);
        String end = echoed(running, "end", "2026-12-01");
        String price = echoed(coming, "cost", "2.50", "description", "dearer");
        calls.put("/mappings/", end);
        calls.put("/mappings/", price);
        String version = calls.version();
        String after = calls.get("/mappings").body();

        // when
        for (int i = 0; i < 30; i++) {
            calls.now = calls.now.plusSeconds(1);
            calls.caller = Caller.admin("moana", Caller.Kind.KEY);
            assertThat(calls.put("/mappings/", end).status()).isEqualTo(302);
            assertThat(calls.put("/mappings/", price).status()).isEqualTo(302);
        }

        // then
        assertThat(calls.version()).isEqualTo(version);
        assertThat(calls.get("/mappings").body()).isEqualTo(after);
    }

    @Test
    void whatIsSentBackAsItWasReadChangesNothing() {
        // given
        String running = calls.mapping("service_id", service, "cost", "1.5", "value", null);
        String ended =
                calls.mapping("field_id", field, "value", "a", "cost", "1", "start", "2026-01-01", "end", "2026-02-01");
        String coming = calls.mapping("field_id", field, "value", "b", "cost", "1", "start", "2027-01-01");
        calls.now = calls.now.plusSeconds(1);
        String version = calls.version();
        // when / then
        for (String id : new String[] {running, ended, coming}) {
            assertThat(calls.put("/mappings/" + id, echoed(id)).status()).isEqualTo(302);
        }
        assertThat(calls.version()).isEqualTo(version);
    }

    @Test
    void aRuleThatHasNotBegunTakesCostPeriodAndDescriptionAndIgnoresTheRest() {
        // given
        String id = calls.mapping(
                "field_id",
                field,
                "value",
                "a",
                "cost",
                "1",
                "start",
                "2027-01-01",
                "end",
                "2027-02-01",
                "description",
                "old",
                "name",
                "first");
        String group = calls.group("g");
        // when
        Calls.Reply reply = calls.put(
                "/mappings/" + id,
                object(
                        "cost",
                        "2",
                        "start",
                        "2027-01-05",
                        "value",
                        "other",
                        "type",
                        "rate",
                        "name",
                        "second",
                        "group_id",
                        group,
                        "tenant_id",
                        "acme",
                        "service_id",
                        service));
        // then: what is not said of end and description is taken away
        assertThat(reply.status()).isEqualTo(302);
        Calls.Reply held = calls.get("/mappings/" + id);
        assertThat(held.text("cost")).isEqualTo("2.0000000000000000000000000000");
        assertThat(held.text("start")).isEqualTo("2027-01-05T00:00:00");
        assertThat(held.text("end")).isNull();
        assertThat(held.text("description")).isNull();
        assertThat(held.text("value")).isEqualTo("a");
        assertThat(held.text("type")).isEqualTo("flat");
        assertThat(held.text("name")).isEqualTo("first");
        assertThat(held.text("group_id")).isNull();
        assertThat(held.text("tenant_id")).isNull();
        assertThat(held.text("updated_by")).isEqualTo("kiri");

        // when / then: its period keeps the rules of a new one
        assertThat(calls.put("/mappings/" + id, object("cost", "2", "start", "2026-11-20T09:59:59"))
                        .fault())
                .isEqualTo("Cannot create a rule with start in the past. start=[2026-11-20 09:59:59]"
                        + " current time=[2026-11-20 10:00:00].");
        assertThat(calls.put("/mappings/" + id, object("cost", "2", "end", "2027-01-05T00:00:00"))
                        .fault())
                .isEqualTo("Cannot create a rule with start after end. start=[2027-01-05 00:00:00]"
                        + " end=[2027-01-05 00:00:00].");
        calls.mapping("field_id", field, "value", "a", "cost", "1", "start", "2026-12-01", "end", "2026-12-20");
        assertThat(calls.put("/mappings/" + id, object("cost", "2", "start", "2026-12-10"))
                        .fault())
                .isEqualTo("Mapping 'a' already exists for field '" + field + "', tenant: 'None'");
        // a start moved within its own old period meets nothing
        assertThat(calls.put("/mappings/" + id, object("cost", "2", "start", "2027-03-01"))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void aSettingAnswersAPutAsOneExpects() {
        // given
        Calls plain = new Calls(new RatingSettings(204, 100));
        String parent = plain.service("instance");
        String id = plain.mapping("service_id", parent, "cost", "1");
        // when
        Calls.Reply reply = plain.put("/mappings/" + id, object("cost", "1", "end", "2027-01-01"));
        // then
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.headers()).doesNotContainKey("Location");
    }

    @Test
    void aRuleBeginsToRunWhenItsTimeComes() {
        // given
        String id = calls.mapping("service_id", service, "cost", "1", "start", "2026-12-01");
        calls.now = Instant.parse("2026-12-01T00:00:00Z");
        // when
        Calls.Reply reply = calls.put("/mappings/" + id, object("cost", "2"));
        // then
        assertThat(reply.fault()).isEqualTo(RUNNING + "2026-12-01 00:00:00]");
    }
}
