package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.caravan.testing.FakeKeystone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of merchants over real HTTP, beside the other contracts on one port. */
class SubscriptionApiTest {
    @TempDir
    static Path directory;

    private static DatabaseAccess ledger;
    private static FakeKeystone keystone;
    private static ApiHub hub;
    private static String operator;

    @BeforeAll
    static void start() throws Exception {
        ledger = Database.freshAccess();
        keystone = new FakeKeystone(Clock.systemUTC());
        Path key = directory.resolve("operator.key");
        hub = ApiHub.start(
                directory,
                ledger,
                "caravan.auth=key",
                "caravan.api.keyFile=" + key,
                "caravan.keystone.url=" + keystone.url(),
                "caravan.keystone.user=" + FakeKeystone.USER,
                "caravan.keystone.password=" + FakeKeystone.PASSWORD);
        operator = Files.readString(key).strip();
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
        keystone.close();
    }

    private static HttpResponse<String> basic(String method, String path, String key, String body) throws Exception {
        int end = key.indexOf('_', key.indexOf('_') + 1);
        String pair = key.substring(0, end) + ":" + key.substring(end + 1);
        HttpRequest request = HttpRequest.newBuilder(URI.create(hub.url() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String merchant(String name) throws Exception {
        hub.as(operator).post("/currencies", "{\"name\":\"eur\"}");
        hub.post("/languages", "{\"name\":\"en\"}");
        ApiHub.Reply made =
                hub.post("/merchants", "{\"name\":\"" + name + "\",\"currency\":\"eur\",\"language\":\"en\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(202);
        return made.json().get("id").asText();
    }

    @Test
    void aMerchantsKeyOpensItsOwnAndNothingElse() throws Exception {
        // given
        String mine = merchant("mine");
        String other = merchant("other");
        String key = new ApiKeys(Database.of(ledger), Clock.systemUTC()).create("mine", ApiKeys.Kind.MERCHANT, mine);
        // when / then
        HttpResponse<String> made = basic("POST", "/v2/merchants/" + mine + "/customers/", key, "{\"name\":\"ann\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(202);
        assertThat(basic("GET", "/merchants/" + other + "/customers", key, null).statusCode())
                .isEqualTo(404);
        assertThat(basic("POST", "/merchants", key, "{}").statusCode()).isEqualTo(403);
        assertThat(hub.as(key).get("/merchants").json()).hasSize(1);
        // the other contracts on this port are not its
        assertThat(hub.as(key).get("/v1/rating/modules").status()).isEqualTo(401);
        assertThat(hub.as(key).get("/v2/summary").status()).isEqualTo(401);
        HttpResponse<String> nobody = basic("GET", "/merchants", key + "x", null);
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"caravan\"");
        assertThat(hub.as(null).get("/merchants").status()).isEqualTo(401);
        // theirs go on to be theirs
        assertThat(hub.as(operator).get("/v1/rating/modules").status()).isEqualTo(200);
        assertThat(hub.as(operator).get("/v2").status()).isEqualTo(200);
        assertThat(hub.as(operator).get("/v2/merchantsandmore").status()).isEqualTo(404);
        assertThat(hub.as(operator)
                        .send("PATCH", "/v2/merchant/" + mine, "{\"title\":\"Mine\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aCustomersTokenIsLimitedToTheCustomerAndNoOtherTokenMeansAnything() throws Exception {
        // given
        String merchant = merchant("with-keystone");
        String m = "/merchants/" + merchant;
        String ann = Json.mapper()
                .readTree(hub.as(operator)
                        .post(m + "/customers", "{\"name\":\"ann\"}")
                        .body())
                .get("id")
                .asText();
        hub.post(m + "/customers", "{\"name\":\"ben\"}");
        keystone.project("p-ann", "bs-customer-" + ann, "default");
        keystone.project("p-evil", "bs-customer-" + ann, "evil");
        String token = keystone.issue("ann", "p-ann", "bs-admin", "admin");
        // when / then
        assertThat(hub.as(token).get(m + "/customers").json()).hasSize(1);
        assertThat(hub.as(token).get(m + "/plans").status()).isEqualTo(200);
        assertThat(hub.as(token).post(m + "/plans", "{\"name\":\"x\"}").status())
                .isEqualTo(403);
        assertThat(hub.as(keystone.issue("eve", "p-evil", "bs-admin"))
                        .get(m + "/customers")
                        .status())
                .isEqualTo(403);
        assertThat(hub.as(keystone.issue("root", "p-admins", "admin"))
                        .get(m + "/customers")
                        .status())
                .isEqualTo(403);
        assertThat(hub.as("gAAAAwrong").get(m + "/customers").status()).isEqualTo(401);
        // a key of ours never goes to Keystone
        assertThat(keystone.hasSeen(operator)).isFalse();
    }
}
