package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.rating.hashmap.RuleIds;
import org.caravan.testing.ApiHub;
import org.caravan.testing.ApiHub.Reply;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rating API over real HTTP, and what its changes do to usage that two hubs of one ledger rate. */
class RatingApiTest {
    private static final String HASHMAP = "/v1/rating/module_config/hashmap";
    private static final int CLIENTS = 8;

    @TempDir
    static Path directory;

    private static DatabaseAccess ledger;
    private static ApiHub one;
    private static ApiHub other;

    @BeforeAll
    static void start() throws Exception {
        ledger = Database.freshAccess();
        Clock system = Clock.systemUTC();
        Clock clock = Clock.offset(system, Duration.between(system.instant(), Instant.parse("2026-11-20T10:00:00Z")));
        one = ApiHub.start(make("out1"), ledger, clock, "caravan.ledger.connections=12");
        other = ApiHub.start(
                make("out2"),
                ledger,
                clock,
                "caravan.inbox=" + make("in"),
                "caravan.inbox.rest=100ms",
                "caravan.inbox.poll=100ms");
    }

    @AfterAll
    static void stop() throws Exception {
        one.close();
        other.close();
    }

    private static Path make(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private static String made(String path, String body) throws Exception {
        Reply reply = one.post(HASHMAP + path, body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        String location = reply.header("Location");
        assertThat(location).startsWith(one.url() + HASHMAP);
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = Database.of(ledger).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    @Test
    void eachGroupOfRoutesAnswersOverHttpOnEveryHub() throws Exception {
        // given
        String service = made("/services/", "{\"name\": \"http.service\"}");
        String field = made("/fields/", "{\"name\": \"flavor\", \"service_id\": \"" + service + "\"}");
        String group = made("/groups/", "{\"name\": \"http.group\"}");
        String mapping = made(
                "/mappings/",
                "{\"cost\": 0.025, \"value\": \"a b\u00e9\", \"field_id\": \"" + field + "\", \"group_id\": \"" + group
                        + "\"}");
        String level =
                made("/thresholds/", "{\"cost\": \"0.9\", \"level\": \"10\", \"service_id\": \"" + service + "\"}");

        // when / then: what one hub took the other one tells
        assertThat(other.get(HASHMAP + "/types/").body()).isEqualTo("[\"flat\",\"rate\"]");
        assertThat(other.get(HASHMAP + "/services/" + service)
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("http.service");
        assertThat(other.get(HASHMAP + "/fields/?service_id=" + service)
                        .json()
                        .at("/fields/0/field_id")
                        .asText())
                .isEqualTo(field);
        assertThat(other.get(HASHMAP + "/groups/mappings?group_id=" + group)
                        .json()
                        .at("/mappings/0/value")
                        .asText())
                .isEqualTo("a b\u00e9");
        assertThat(other.get(HASHMAP + "/mappings/" + mapping)
                        .json()
                        .path("created_by")
                        .asText())
                .isEqualTo("unknown");
        assertThat(other.get(HASHMAP + "/thresholds/?service_id=" + service)
                        .json()
                        .at("/thresholds/0/cost")
                        .asText())
                .isEqualTo("0.9000000000000000000000000000");
        assertThat(other.get("/v1/rating/modules/").json().path("modules")).hasSize(3);
        assertThat(other.get("/v1/collector/mappings/").status()).isEqualTo(200);
        assertThat(other.get("/v1/rating/module_config/noop").status()).isEqualTo(409);
        assertThat(other.post(
                                "/v1/rating/quote",
                                "{\"resources\": [{\"service\": \"http.service\", \"volume\": \"2\","
                                        + " \"desc\": {\"flavor\": \"a b\u00e9\"}}]}")
                        .body())
                .isEqualTo("\"0.0500000000000000000000000000\"");

        // when: a redirect is for the client to follow
        Reply put = one.put(
                HASHMAP + "/thresholds/",
                "{\"threshold_id\": \"" + level + "\", \"cost\": \"0.8\", \"level\": \"10\", \"service_id\": \""
                        + service + "\"}");
        // then
        assertThat(put.status()).isEqualTo(302);
        assertThat(put.header("Location")).isEqualTo(one.url() + HASHMAP + "/thresholds/");

        // when / then: a body on DELETE; an answer without one
        Reply deleted = one.send("DELETE", HASHMAP + "/services/", "{\"service_id\": \"" + service + "\"}");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(deleted.header("x-openstack-request-id")).startsWith("req-");
        assertThat(one.get("/v1/rating/reload_modules").status()).isEqualTo(204);
        assertThat(other.get(HASHMAP + "/mappings/" + mapping).status()).isEqualTo(404);
    }

    @Test
    void aRuleTakesEffectOnTheNextBatchOfEveryHubAndEachEntryNamesIt() throws Exception {
        // given: rules that the first hub takes
        String service = made("/services", "{\"name\": \"instance\"}");
        String field = made("/fields", "{\"name\": \"flavor\", \"service_id\": \"" + service + "\"}");
        String base = made(
                "/mappings?force=true",
                "{\"service_id\": \"" + service + "\", \"cost\": \"0.1\", \"start\": \"2026-01-01\"}");
        String factor = made(
                "/mappings?force=true",
                "{\"field_id\": \"" + field + "\", \"value\": \"small\", \"type\": \"rate\", \"cost\": \"2\","
                        + " \"start\": \"2026-01-01\"}");
        String level = made(
                "/thresholds",
                "{\"service_id\": \"" + service + "\", \"level\": \"3\", \"type\": \"flat\", \"cost\": 7}");

        // when: the second one rates
        rated("vm-1", 1);
        rated("vm-2", 5);

        // then
        assertThat(amount("vm-1")).isEqualTo("0.2");
        assertThat(amount("vm-2")).isEqualTo("8.0");
        assertThat(rules("vm-1")).containsExactly(base, factor);
        assertThat(rules("vm-2")).containsExactly(base, factor, level);
        JsonNode found = one.get(HASHMAP + "/mappings/" + rules("vm-1").get(1)).json();
        assertThat(found.path("value").asText()).isEqualTo("small");

        // when: a rule goes, and another comes in its place with the same words
        one.delete(HASHMAP + "/mappings/" + factor);
        String again = made(
                "/mappings?force=true",
                "{\"field_id\": \"" + field + "\", \"value\": \"small\", \"type\": \"rate\", \"cost\": \"2\","
                        + " \"start\": \"2026-01-01\"}");
        rated("vm-3", 1);

        // then: the price is the same, the rule is not
        assertThat(amount("vm-3")).isEqualTo("0.2");
        assertThat(rules("vm-3")).containsExactly(base, again);
        assertThat(one.get(HASHMAP + "/mappings/" + factor)
                        .json()
                        .path("deleted")
                        .isTextual())
                .isTrue();

        // when: what rates is switched off, on the first hub
        one.put("/v1/rating/modules/hashmap", "{\"module_id\": \"hashmap\", \"enabled\": false}");
        rated("vm-4", 1);
        one.put("/v1/rating/modules/hashmap", "{\"module_id\": \"hashmap\", \"enabled\": true}");
        rated("vm-5", 1);

        // then
        assertThat(amount("vm-4")).isEqualTo("0");
        assertThat(ask("select priced from entry join price on price.id = price_id join term on"
                        + " term.id = entry.resource where term.value = 'vm-4'"))
                .isEqualTo("f");
        assertThat(amount("vm-5")).isEqualTo("0.2");
    }

    /** Lets the second hub rate an hour of a resource from a file in its inbox. */
    private static void rated(String resource, int quantity) throws Exception {
        Path inbox = directory.resolve("in");
        Path file = directory.resolve(resource + ".csv");
        Files.writeString(
                file,
                "tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor\nacme,dc," + resource + ",instance,"
                        + quantity + ",hour,2026-11-02T00:00:00Z,2026-11-02T01:00:00Z,small\n");
        Files.move(file, inbox.resolve(resource + ".csv"), StandardCopyOption.ATOMIC_MOVE);
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (amount(resource) == null) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(resource + " was not rated");
            }
            Thread.sleep(50);
        }
    }

    private static String amount(String resource) throws SQLException {
        return ask(
                "select amount from entry join term on term.id = entry.resource where term.value = '" + resource + "'");
    }

    /** Ids of the rules that priced a resource's entry, by its price. */
    private static List<String> rules(String resource) throws SQLException {
        String names = ask("select array_to_string(price.rules, E'\\n') from entry join price on price.id = price_id"
                + " join term on term.id = entry.resource where term.value = '" + resource + "'");
        return names.lines().map(RuleIds::in).toList();
    }

    @Test
    void ofManyWhoMakeTheSameAtOnceOneDoes() throws Exception {
        // given
        String service = made("/services", "{\"name\": \"wanted\"}");
        String body = "{\"service_id\": \"" + service + "\", \"cost\": \"1\"}";
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            // when: half of them ask the other hub
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                ApiHub hub = i % 2 == 0 ? one : other;
                answers.add(clients.submit(
                        () -> hub.post(HASHMAP + "/mappings", body).status()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }

            // then
            assertThat(statuses).containsOnly(201, 409);
            assertThat(statuses.stream().filter(status -> status == 201)).hasSize(1);
            assertThat(one.get(HASHMAP + "/mappings?service_id=" + service)
                            .json()
                            .path("mappings"))
                    .hasSize(1);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void aClientThatFollowsTheRedirectAsKeystonesDoesChangesOnce() throws Exception {
        // given
        String service = made("/services", "{\"name\": \"redirected\"}");
        String mapping = made("/mappings", "{\"service_id\": \"" + service + "\", \"cost\": \"1\"}");
        String body = one.get(HASHMAP + "/mappings/" + mapping)
                .body()
                .replace("\"end\":null", "\"end\":\"2026-12-24T00:00:00\"");

        // when: it repeats the PUT where it is told to, thirty times
        String target = HASHMAP + "/mappings/";
        String version = null;
        for (int i = 0; i < 31; i++) {
            HttpResponse<String> response = one.put(target, body).response();
            assertThat(response.statusCode()).isEqualTo(302);
            target = response.headers()
                    .firstValue("Location")
                    .orElseThrow()
                    .substring(one.url().length());
            version = version == null ? ask("select version from rule_state") : version;
        }

        // then
        assertThat(ask("select version from rule_state")).isEqualTo(version);
        assertThat(one.get(HASHMAP + "/mappings/" + mapping).json().path("end").asText())
                .isEqualTo("2026-12-24T00:00:00");
    }
}
