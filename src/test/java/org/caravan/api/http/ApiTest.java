package org.caravan.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;

class ApiTest {
    private static final ErrorForm PLAIN = (path, status, text) ->
            Answer.json(status, JsonNodeFactory.instance.objectNode().put("message", text));

    /** Whoever shows {@code x-auth-token: operator} is the operator, {@code user} a user, all else is refused. */
    private static final Authenticator TOKENS = (headers, remote) -> {
        String token = headers.get("x-auth-token");
        if (token == null) {
            return Caller.NOBODY;
        }
        return switch (token) {
            case "operator" -> Caller.admin("operator", Caller.Kind.KEY);
            case "user" -> new Caller("u1", "p1", Set.of("member"), Caller.Kind.KEYSTONE);
            default -> throw new ApiError(401, "The request you have made requires authentication.");
        };
    };

    private final Api api = new Api(
            new RoutingTable.Builder()
                    .add("GET", "/v1/things", Policy.USER, request -> said(request, "things"))
                    .add("GET", "/v1/things/{id}", Policy.USER, request -> said(request, request.variable("id")))
                    .add("GET", "/v1/things/special", Policy.USER, request -> said(request, "the special one"))
                    .rule("things:change")
                    .add("DELETE", "/v1/things/{id}", Policy.ADMIN, request -> Answer.empty(204))
                    .add(
                            "GET",
                            "/",
                            Policy.PUBLIC,
                            request ->
                                    said(request, "root for " + request.caller().kind()))
                    .add("GET", "/v1/wrong", Policy.USER, request -> {
                        throw new UserError("this is wrong; do that");
                    })
                    .add("GET", "/v1/away", Policy.USER, request -> {
                        throw new SQLException("no server", "08001");
                    })
                    .add("GET", "/v1/broken", Policy.USER, request -> {
                        throw new IllegalStateException("secret detail");
                    })
                    .build(),
            PLAIN,
            TOKENS);

    private static Answer said(Request request, String what) {
        return Answer.text(200, "text/plain", what);
    }

    private Answer ask(String method, String path, String token) {
        Map<String, String> headers = token == null ? Map.of() : Map.of("x-auth-token", token);
        return api.answer(
                new Request(
                        method,
                        path,
                        Map.of(),
                        Map.of(),
                        headers,
                        new byte[0],
                        Caller.NOBODY,
                        "http://localhost",
                        "req-1"),
                "here");
    }

    private static String body(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aPathMatchesByWholeSegmentsWithOrWithoutSlashAndWrittenOnesFirst() {
        // given / when / then
        assertThat(body(ask("GET", "/v1/things", "user"))).isEqualTo("things");
        assertThat(body(ask("GET", "/v1/things/", "user"))).isEqualTo("things");
        assertThat(body(ask("GET", "/v1/things/special", "user"))).isEqualTo("the special one");
        assertThat(body(ask("GET", "/v1/things/a%2Fb+c", "user"))).isEqualTo("a/b+c");
        assertThat(ask("GET", "/v1/thingsmore", "user").status()).isEqualTo(404);
        assertThat(ask("GET", "/v1/things/x/y", "user").status()).isEqualTo(404);
        assertThat(ask("GET", "/v1/things//", "user").status()).isEqualTo(404);
        assertThat(ask("PUT", "/v1/things/x", "user").status()).isEqualTo(405);
        assertThat(ask("GET", "/v1/things/%zz", "user").status()).isEqualTo(404);
    }

    @Test
    void nothingButWhatIsPublicIsSaidToNobodyNotEvenWhatPathsThereAre() {
        // given / when / then
        assertThat(body(ask("GET", "/", null))).isEqualTo("root for NOBODY");
        assertThat(body(ask("GET", "/", "wrong"))).isEqualTo("root for NOBODY");
        assertThat(ask("GET", "/v1/things", null).status()).isEqualTo(401);
        assertThat(ask("GET", "/v1/nothing", null).status()).isEqualTo(401);
        assertThat(ask("GET", "/v1/things", "wrong").status()).isEqualTo(401);
    }

    @Test
    void whoIsKnownAndMayNotIsForbidden() {
        // given / when / then
        assertThat(ask("DELETE", "/v1/things/x", "user").status()).isEqualTo(403);
        assertThat(ask("DELETE", "/v1/things/x", "operator").status()).isEqualTo(204);
    }

    @Test
    void whatGoesWrongIsAnsweredInTheContractsForm() {
        // given / when / then
        assertThat(body(ask("GET", "/v1/wrong", "user"))).isEqualTo("{\"message\":\"this is wrong; do that\"}");
        assertThat(ask("GET", "/v1/wrong", "user").status()).isEqualTo(400);
        assertThat(ask("GET", "/v1/away", "user").status()).isEqualTo(503);
        assertThat(ask("GET", "/v1/away", "user").headers()).containsKey("Retry-After");
        assertThat(ask("GET", "/v1/broken", "user").status()).isEqualTo(500);
        assertThat(body(ask("GET", "/v1/broken", "user"))).contains("req-1").doesNotContain("secret detail");
    }

    @Test
    void twoRoutesForOneThingAreRefused() {
        // given
        RoutingTable.Builder table = new RoutingTable.Builder().add("GET", "/x", Policy.USER, r -> Answer.empty(204));
        // when / then
        assertThatThrownBy(() -> table.add("GET", "/x", Policy.USER, r -> Answer.empty(204)))
                .hasMessageContaining("GET /x");
    }

    @Test
    void aQueryKeepsItsOrderAndItsRepeatedArguments() {
        // given / when / then
        assertThat(Query.read("b=2&a=1+1&b=%C3%A9&c&=x"))
                .containsExactly(
                        Map.entry("b", java.util.List.of("2", "é")),
                        Map.entry("a", java.util.List.of("1 1")),
                        Map.entry("c", java.util.List.of("")),
                        Map.entry("", java.util.List.of("x")));
        assertThat(Query.read(null)).isEmpty();
        assertThatThrownBy(() -> Query.read("a=%z")).isInstanceOf(ApiError.class);
    }

    @Test
    void aHostThatIsNotOursIsToldFromOneThatIs() {
        // given
        Hosts hosts = new Hosts(Set.of("billing.example"), false);
        // when / then
        for (String ours :
                new String[] {"localhost", "127.0.0.1:9534", "[::1]:9534", "LOCALHOST:1", "billing.example"}) {
            assertThat(hosts.isOurs(ours)).as(ours).isTrue();
        }
        for (String foreign : new String[] {null, "", "evil.example", "localhost.evil.example:9534", "127.0.0.1.x"}) {
            assertThat(hosts.isOurs(foreign)).as(String.valueOf(foreign)).isFalse();
        }
    }
}
