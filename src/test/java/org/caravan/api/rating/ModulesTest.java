package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravan.api.rating.Calls.object;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rating modules in v1, and what is beside them. */
class ModulesTest {
    private static final String MODULES = "/v1/rating/modules";

    private final Calls calls = new Calls();

    private boolean priced(String service) {
        return calls.tariff
                .get()
                .resolve(service, "acme", Map.of(), Map.of(), calls.now.getEpochSecond() * 1_000_000)
                .pricing()
                .price(BigDecimal.ONE, false)
                .priced();
    }

    @Test
    void theShippedModulesAreListed() {
        // given / when
        Calls.Reply list = calls.get(MODULES + "/");
        // then
        assertThat(list.body())
                .isEqualTo("{\"modules\":["
                        + "{\"module_id\":\"hashmap\",\"description\":\"HashMap rating module.\",\"enabled\":true,"
                        + "\"hot-config\":true,\"priority\":1},"
                        + "{\"module_id\":\"noop\",\"description\":\"Dummy test module.\",\"enabled\":true,"
                        + "\"hot-config\":false,\"priority\":1},"
                        + "{\"module_id\":\"pyscripts\",\"description\":\"PyScripts rating module.\",\"enabled\":false,"
                        + "\"hot-config\":true,\"priority\":1}]}");
        assertThat(calls.get(MODULES + "/hashmap?module_id=hashmap").text("description"))
                .isEqualTo("HashMap rating module.");
        assertThat(calls.get("/v1/billing/modules/noop")
                        .json()
                        .get("hot-config")
                        .booleanValue())
                .isFalse();
        assertThat(calls.get(MODULES + "/nosuch").fault()).isEqualTo("Module not found.");
        assertThat(calls.get(MODULES + "/nosuch").status()).isEqualTo(404);
    }

    @Test
    void aPriorityBelowOneIsRefusedAndChangesNothing() {
        // given
        String before = calls.get(MODULES + "/noop").json().toString();

        for (String priority : List.of("0", "-1", "\"-7\"")) {
            // when
            Calls.Reply reply =
                    calls.put(MODULES + "/noop", "{\"module_id\": \"noop\", \"priority\": " + priority + "}");

            // then
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.fault()).contains("priority").contains("greater or equal to 1");
        }
        assertThat(calls.get(MODULES + "/noop").json().toString()).isEqualTo(before);
    }

    @Test
    void switchingHashmapOffAndOnActsOnWhatIsRatedNext() {
        // given
        calls.mapping("service_id", calls.service("instance"), "cost", "1");
        String off = "{\"module_id\": \"hashmap\", \"description\": \"HashMap rating module.\", \"enabled\": false,"
                + " \"hot-config\": true, \"priority\": 100}";
        assertThat(priced("instance")).isTrue();

        // when
        Calls.Reply reply = calls.put(MODULES + "/hashmap", off);

        // then
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.headers().get("Location")).isEqualTo("http://hub.example:9534/v1/rating/modules/hashmap");
        assertThat(priced("instance")).isFalse();
        assertThat(calls.get(MODULES + "/hashmap").json().get("priority").intValue())
                .isEqualTo(100);
        assertThat(calls.post("/v1/rating/quote", "{\"resources\":[{\"service\":\"instance\",\"volume\":1}]}")
                        .body())
                .isEqualTo("\"0\"");

        // when: the same again, thirty times
        String version = calls.version();
        for (int i = 0; i < 30; i++) {
            calls.put(MODULES + "/hashmap", off);
        }
        // then
        assertThat(calls.version()).isEqualTo(version);

        // when: by a body without a path, and what is not said stays
        calls.put(MODULES + "/", "{\"module_id\": \"hashmap\", \"enabled\": \"True\"}");
        // then
        assertThat(priced("instance")).isTrue();
        assertThat(calls.get(MODULES + "/hashmap").json().get("priority").intValue())
                .isEqualTo(100);
    }

    @Test
    void whatCannotBeSetIsRefused() {
        // given / when / then
        Calls.Reply scripts = calls.put(MODULES + "/pyscripts", "{\"module_id\": \"pyscripts\", \"enabled\": true}");
        assertThat(scripts.status()).isEqualTo(400);
        assertThat(scripts.fault()).contains("pyscripts can't be enabled");
        assertThat(calls.put(MODULES + "/pyscripts", "{\"module_id\": \"pyscripts\", \"priority\": 3}")
                        .status())
                .isEqualTo(302);
        assertThat(calls.put(MODULES + "/hashmap", "{\"enabled\": true}").fault())
                .isEqualTo("Invalid input for field/attribute module_id. Value: 'None'. Mandatory field missing.");
        assertThat(calls.put(MODULES + "/nosuch", object("module_id", "nosuch")).fault())
                .isEqualTo("Module not found.");
        assertThat(calls.put(MODULES + "/noop", "{\"module_id\": \"noop\", \"priority\": \"much\"}")
                        .status())
                .isEqualTo(400);
        assertThat(calls.put(MODULES + "/noop", "{\"module_id\": \"noop\", \"priority\": 99999999999}")
                        .status())
                .isEqualTo(400);
        assertThat(calls.put(MODULES + "/noop", "{\"module_id\": \"noop\", \"enabled\": 1}")
                        .status())
                .isEqualTo(400);
        assertThat(calls.put(MODULES + "/noop", "{\"module_id\": \"noop\", \"bogus\": 1}")
                        .fault())
                .isEqualTo("Unknown attribute for argument module: bogus");
    }

    @Test
    void reloadingIsDoneByItselfAndModulesWithoutConfigurationSaySo() {
        // given / when / then
        Calls.Reply reload = calls.get("/v1/rating/reload_modules/");
        assertThat(reload.status()).isEqualTo(204);
        assertThat(reload.body()).isEmpty();
        for (String method : new String[] {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
            for (String path : new String[] {"noop", "noop/", "pyscripts", "nosuch"}) {
                Calls.Reply reply = calls.send(method, "/v1/rating/module_config/" + path, null);
                assertThat(reply.status()).as(method + " " + path).isEqualTo(409);
                assertThat(reply.fault()).isEqualTo("Module is not configurable");
            }
        }
        assertThat(calls.get("/v1/rating/module_config/pyscripts/scripts/").body())
                .isEqualTo("{\"scripts\":[]}");
    }

    @Test
    void collectorsAnswerThatThereAreNone() {
        // given / when / then
        assertThat(calls.get("/v1/collector/mappings/").body()).isEqualTo("{\"mappings\":[]}");
        assertThat(calls.get("/v1/collector/mappings/instance").fault()).isEqualTo("No mapping for service: instance");
        assertThat(calls.send("DELETE", "/v1/collector/mappings/", object("service", "instance"))
                        .status())
                .isEqualTo(404);
        assertThat(calls.get("/v1/collector/states/?name=gnocchi").body())
                .isEqualTo("{\"name\":\"gnocchi\",\"enabled\":false}");
    }

    @Test
    void onlyAnAdministratorSeesAndSetsThem() {
        // given
        calls.asUser("acme");
        // when / then
        assertThat(calls.get(MODULES).fault()).isEqualTo("Policy doesn't allow rating:list_modules to be performed.");
        assertThat(calls.get(MODULES + "/noop").status()).isEqualTo(403);
        assertThat(calls.put(MODULES + "/noop", object("module_id", "noop")).status())
                .isEqualTo(403);
        assertThat(calls.get("/v1/rating/reload_modules").status()).isEqualTo(403);
        assertThat(calls.get("/v1/rating/module_config/noop").status()).isEqualTo(403);
        assertThat(calls.get("/v1/collector/mappings").status()).isEqualTo(403);
    }

    @Test
    void versionTwoSaysAndSetsTheSameInItsOwnForm() {
        // given
        String modules = "/v2/rating/modules";
        // when / then
        assertThat(calls.get(modules).json().path("modules")).hasSize(3);
        assertThat(calls.get(modules + "/hashmap").body())
                .isEqualTo("{\"module_id\":\"hashmap\",\"description\":\"HashMap rating module.\",\"enabled\":true,"
                        + "\"hot_config\":true,\"priority\":1}");
        assertThat(calls.get(modules + "/nosuch").status()).isEqualTo(404);
        assertThat(calls.get(modules + "/nosuch").text("message")).isEqualTo("Module 'nosuch' not found");
        Calls.Reply set = calls.put(modules + "/hashmap", "{\"enabled\": false, \"priority\": 7}");
        assertThat(set.status()).isEqualTo(204);
        assertThat(set.body()).isEmpty();
        assertThat(calls.get(MODULES + "/hashmap").json().path("priority").intValue())
                .isEqualTo(7);
        assertThat(calls.get(MODULES + "/hashmap").json().path("enabled").booleanValue())
                .isFalse();
        String version = calls.version();
        assertThat(calls.put(
                                modules + "/hashmap",
                                calls.get(modules + "/hashmap").body())
                        .status())
                .isEqualTo(204);
        assertThat(calls.version()).isEqualTo(version);

        // when / then: what is said wrongly
        assertThat(calls.put(modules + "/noop", "{\"priority\": 0}").text("message"))
                .isEqualTo("Invalid data '{'priority': 0}' : value must be at least 1 (path: '['priority']')");
        assertThat(calls.put(modules + "/noop", "{\"enabled\": \"yes\"}").text("message"))
                .contains("expected bool (path: '['enabled']')");
        assertThat(calls.put(modules + "/noop", "{\"state\": 1}").text("message"))
                .contains("extra keys not allowed (path: '['state']')");
        assertThat(calls.put(modules + "/noop", "[]").status()).isEqualTo(400);
        assertThat(calls.put(modules + "/noop", "{\"priority\": 1.5}").status()).isEqualTo(400);
        assertThat(calls.put(modules + "/pyscripts", "{\"enabled\": true}").text("message"))
                .contains("pyscripts can't be enabled");
        assertThat(calls.put(modules + "/nosuch", "{}").status()).isEqualTo(404);

        // when / then: who may not
        calls.asUser("acme");
        assertThat(calls.get(modules).status()).isEqualTo(403);
        assertThat(calls.put(modules + "/noop", "{}").status()).isEqualTo(403);
    }
}
