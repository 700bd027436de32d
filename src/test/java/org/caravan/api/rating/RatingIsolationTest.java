package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.caravan.testing.ApiHub;
import org.caravan.testing.TwoProjects;
import org.caravan.testing.openapi.Contract;
import org.caravan.testing.openapi.Operation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** One test for each operation of the contract: a member of project alpha, whatever it asks, never sees project beta. */
class RatingIsolationTest {
    /** Ways to ask for more than one's own, by what a reader's operation takes. */
    private static final List<Map<String, String>> WAYS = List.of(
            Map.of(),
            Map.of("tenant_id", TwoProjects.BETA),
            Map.of("all_tenants", "true"),
            Map.of("tenant_id", TwoProjects.BETA, "all_tenants", "true"),
            Map.of("groupby", "tenant_id,res_type"),
            Map.of("groupby", "project_id,id,name"),
            Map.of("filters", "project_id:" + TwoProjects.BETA),
            Map.of("filters", "project_id:" + TwoProjects.ALPHA + ",project_id:" + TwoProjects.BETA),
            Map.of("filters", "id:vm-" + TwoProjects.wordOf(TwoProjects.BETA)),
            Map.of("filters", "name:" + TwoProjects.wordOf(TwoProjects.BETA), "groupby", "name"),
            Map.of("limit", "1000", "offset", "0"));

    /** What is every caller's: nothing of a project is in it. */
    private static final Set<String> OF_NOBODY = Set.of("public", "user");

    @TempDir
    static Path directory;

    private static TwoProjects projects;

    @BeforeAll
    static void start() throws Exception {
        projects = new TwoProjects(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        projects.close();
    }

    @TestFactory
    Stream<DynamicTest> noOperationShowsAMemberOfOneProjectAnythingOfAnother() {
        return Contract.rating().operations().stream()
                .map(operation -> dynamicTest(operation.toString(), () -> isolated(operation)));
    }

    private static void isolated(Operation operation) throws Exception {
        if (operation.policy().equals("admin")) {
            refused(operation);
        } else if (operation.policy().equals("reader")) {
            for (Map<String, String> way : WAYS) {
                ownAlone(operation, way);
            }
        } else {
            assertThat(OF_NOBODY).contains(operation.policy());
            nothingOfAnybody(operation);
        }
    }

    /** What is an administrator's is refused before anything is looked up. */
    private static void refused(Operation operation) throws Exception {
        // given
        for (String token : new String[] {projects.ana, projects.ben, projects.otto}) {
            // when
            ApiHub.Reply reply = ask(operation, token, Map.of());
            // then
            assertThat(reply.status()).as(reply.body()).isEqualTo(403);
            assertThat(reply.body()).contains("Policy doesn't allow ").contains(" to be performed.");
        }
        assertThat(ask(operation, null, Map.of()).status()).isEqualTo(401);
        assertThat(ask(operation, "gAAAAwrong", Map.of()).status()).isEqualTo(401);
    }

    /** Whatever way it is asked, the answer is the caller's project's, and not another one's. */
    private static void ownAlone(Operation operation, Map<String, String> way) throws Exception {
        // given
        Map<String, String> asked = new java.util.HashMap<>(period());
        way.forEach((name, value) -> {
            if (operation.parameters().stream()
                    .anyMatch(parameter -> parameter.name().equals(name))) {
                asked.put(name, value);
            }
        });
        // when
        ApiHub.Reply ofAna = ask(operation, projects.ana, asked);
        ApiHub.Reply ofOtto = ask(operation, projects.otto, asked);
        // then
        assertThat(ofAna.status()).as(ofAna.body()).isIn(200, 400, 403, 404);
        if (ofAna.status() == 200) {
            assertThat(ofAna.body())
                    .as("%s %s", operation, asked)
                    .doesNotContain(TwoProjects.BETA)
                    .doesNotContain(TwoProjects.wordOf(TwoProjects.BETA));
            sumIsOwn(ofAna);
        }
        assertThat(ofOtto.status()).as(ofOtto.body()).isEqualTo(403);
        assertThat(ask(operation, null, asked).status()).isEqualTo(401);
    }

    /** A sum names no project, but it is either alpha's (24 * 0.25 + 24 * 50 * 0.001), or nothing. */
    private static void sumIsOwn(ApiHub.Reply reply) {
        if (reply.json().isTextual()) {
            assertThat(reply.json().textValue()).isIn("7.2", "0");
        }
        reply.json().path("summary").forEach(row -> assertThat(row.path("rate").asText())
                .isIn("7.2", "6", "1.2", "0"));
        if (reply.json().path("columns").isArray()) {
            reply.json().path("results").forEach(row -> assertThat(
                            row.get(3).decimalValue().stripTrailingZeros().toPlainString())
                    .isIn("7.2", "6", "1.2", "0"));
        }
    }

    private static void nothingOfAnybody(Operation operation) throws Exception {
        // given / when
        ApiHub.Reply reply = ask(operation, projects.ana, Map.of());
        // then
        assertThat(reply.body())
                .doesNotContain(TwoProjects.BETA)
                .doesNotContain(TwoProjects.wordOf(TwoProjects.ALPHA))
                .doesNotContain(TwoProjects.wordOf(TwoProjects.BETA));
        assertThat(reply.status()).isNotEqualTo(403);
        if (operation.policy().equals("user")) {
            assertThat(ask(operation, null, Map.of()).status()).isEqualTo(401);
        }
    }

    /** The other tests would pass on a hub that shows nobody anything. */
    @Test
    void eachMemberSeesItsOwnAndAnAdministratorBoth() throws Exception {
        for (Operation operation : Contract.rating().operations()) {
            if (operation.policy().equals("reader")) {
                // given
                Map<String, String> asked = new java.util.HashMap<>(period());
                if (operation.parameters().stream()
                        .anyMatch(parameter -> parameter.name().equals("groupby"))) {
                    asked.put("groupby", operation.template().startsWith("/v2") ? "project_id" : "tenant_id");
                }
                Map<String, String> all = new java.util.HashMap<>(asked);
                if (operation.parameters().stream()
                        .anyMatch(parameter -> parameter.name().equals("all_tenants"))) {
                    all.put("all_tenants", "true");
                }
                // when
                String ana = ask(operation, projects.ana, asked).body();
                String ben = ask(operation, projects.ben, asked).body();
                String admin = ask(operation, projects.admin, all).body();
                // then
                if (operation.template().endsWith("/total")) {
                    assertThat(List.of(ana, ben, admin)).containsExactly("\"7.2\"", "\"4.2\"", "\"11.4\"");
                } else {
                    assertThat(ana).as(operation.toString()).contains(TwoProjects.ALPHA);
                    assertThat(ben).as(operation.toString()).contains(TwoProjects.BETA);
                    if (operation.parameters().stream().noneMatch(p -> p.name().equals("resource_type"))) {
                        assertThat(admin).contains(TwoProjects.ALPHA).contains(TwoProjects.BETA);
                    }
                }
            }
        }
    }

    private static Map<String, String> period() {
        return Map.of(
                "begin", projects.day.toString(),
                "end", projects.day.plus(1, ChronoUnit.DAYS).toString());
    }

    private static ApiHub.Reply ask(Operation operation, String token, Map<String, String> arguments) throws Exception {
        String path = operation
                .template()
                .replace("{module_id}", "hashmap")
                .replace("{metric_id}", "instance")
                .replaceAll("\\{[^}]*}", TwoProjects.BETA);
        List<String> query = new ArrayList<>();
        arguments.forEach((name, value) -> query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        String body = operation.body() == null ? null : "{\"resources\":[],\"tenant_id\":\"" + TwoProjects.BETA + "\"}";
        return projects.hub
                .as(token)
                .send(operation.method(), path + (query.isEmpty() ? "" : "?" + String.join("&", query)), body);
    }
}
