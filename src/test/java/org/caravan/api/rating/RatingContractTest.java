package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.caravan.testing.openapi.Contract;
import org.junit.jupiter.api.Test;

/** The routing table and {@code config/openapi/rating.yaml} are the same list. */
class RatingContractTest {
    @Test
    void theFileListsTheRoutesThatAreServedAndWhoMay() {
        // given
        List<String> served = new Calls()
                .table().routes().stream()
                        .map(route -> line(
                                route.method(),
                                route.template(),
                                route.policy().name().toLowerCase(Locale.ROOT)))
                        .toList();
        // when
        List<String> written = Contract.rating().operations().stream()
                .map(operation -> line(operation.method(), operation.template(), operation.policy()))
                .toList();
        // then
        assertThat(written).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void whatIsNotAsTheFileSaysIsFound() {
        // given
        Contract contract = Contract.rating();
        Map<String, String> headers = Map.of("x-openstack-request-id", "req-1", "content-type", "application/json");
        // when / then
        assertThat(problems(contract, "GET", "/v1/billing/modules/", 200, headers, "{\"modules\":[]}"))
                .isEmpty();
        assertThat(problems(contract, "GET", "/v1/rating/modules", 200, headers, "{\"modules\":[{}]}"))
                .isNotEmpty();
        assertThat(problems(contract, "GET", "/v1/rating/modules", 200, headers, "{}"))
                .isNotEmpty();
        assertThat(problems(contract, "GET", "/v1/rating/modules", 200, headers, "<html>"))
                .isNotEmpty();
        assertThat(problems(contract, "GET", "/v1/rating/modules", 200, Map.of(), "{\"modules\":[]}"))
                .isNotEmpty();
        assertThat(problems(contract, "GET", "/v1/rating/modules", 201, headers, "{\"modules\":[]}"))
                .isNotEmpty();
        assertThat(problems(contract, "GET", "/v2/scope", 404, headers, "{\"message\":\"none\"}"))
                .isEmpty();
        assertThat(problems(contract, "GET", "/v1/nothing", 404, headers, "{\"message\":\"none\"}"))
                .isNotEmpty();
        assertThat(problems(contract, "PUT", "/v1/rating/modules/hashmap", 302, headers, ""))
                .containsExactly("no header Location");
    }

    private static List<String> problems(
            Contract contract, String method, String path, int status, Map<String, String> headers, String body) {
        return contract.problems(method, path, status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(String method, String template, String policy) {
        return method + " " + template.replaceAll("\\{[^}]*}", "{}") + " " + policy;
    }
}
