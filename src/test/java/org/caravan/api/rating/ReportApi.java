package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Api;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Request;
import org.caravan.common.Json;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.Scopes;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.ledger.report.Reports;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.caravan.testing.UsageLedger;
import org.caravan.testing.openapi.Contract;

/** CloudKitty's contract over a real ledger, without HTTP. */
final class ReportApi {
    static final String ADMIN = "admin";

    /** One who is known and speaks for no project. */
    static final String NOBODYS = "";

    /** The token {@code admin} is an administrator's, any other one a member's of the project with that name. */
    private static final Authenticator TOKENS = (headers, remote) -> {
        String token = headers.get("x-auth-token");
        if (token == null) {
            return Caller.NOBODY;
        }
        return token.equals(ADMIN)
                ? Caller.admin("operator", Caller.Kind.KEY)
                : new Caller("u", token.equals(NOBODYS) ? null : token, Set.of(Caller.READER), Caller.Kind.KEYSTONE);
    };

    final UsageLedger ledger;
    private final Api api;

    ReportApi(UsageLedger ledger) {
        this(ledger, ReportSettings.defaults());
    }

    ReportApi(UsageLedger ledger, ReportSettings settings) {
        this(ledger, settings, ledger.meters);
    }

    ReportApi(UsageLedger ledger, ReportSettings settings, MeterCatalog meters) {
        this.ledger = ledger;
        BilledUsage usage = new BilledUsage(
                "default",
                new Reports(ledger.database, settings),
                new UsageIntake(
                        ledger.ledger,
                        new PushedPositions(ledger.database),
                        MeteringSettings.defaults(),
                        meters,
                        UsageLedger.CLOCK),
                new Scopes(ledger.database, UsageLedger.CLOCK));
        api = RatingApi.of(
                new Backend(
                        ledger.database,
                        "NZD",
                        meters,
                        new TariffHolder(Tariff.compile(RuleSet.EMPTY)),
                        usage,
                        RatingSettings.defaults(),
                        UsageLedger.CLOCK),
                TOKENS);
    }

    /** @param json the body, or a missing node; decimals as they were written */
    record Reply(int status, JsonNode json, String body) {
        /** What is wrong, by v1's or v2's form. */
        String error() {
            return json.has("message")
                    ? json.get("message").asText()
                    : json.path("faultstring").asText();
        }
    }

    /** Asks as an administrator. */
    Reply get(String path) {
        return ask("GET", path, ADMIN, null);
    }

    Reply get(String path, String token) {
        return ask("GET", path, token, null);
    }

    Reply post(String path, String body) {
        return ask("POST", path, ADMIN, body);
    }

    /** @param path with its arguments, percent-encoded */
    Reply ask(String method, String path, String token, String body) {
        int question = path.indexOf('?');
        Request request = new Request(
                method,
                question < 0 ? path : path.substring(0, question),
                Map.of(),
                question < 0 ? Map.of() : query(path.substring(question + 1)),
                token == null ? Map.of() : Map.of("x-auth-token", token),
                body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
                Caller.NOBODY,
                "http://here",
                "req-1");
        Answer answer = api.answer(request, "here");
        asTheContractSays(request, answer);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        try {
            JsonNode json = text.isEmpty()
                    ? MissingNode.getInstance()
                    : Json.mapper()
                            .reader()
                            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                            .readTree(text);
            return new Reply(answer.status(), json, text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** Every answer of these tests is held against config/openapi/rating.yaml. */
    private static void asTheContractSays(Request request, Answer answer) {
        if (Contract.rating().find(request.method(), request.path()) == null) {
            return;
        }
        Map<String, String> headers = new HashMap<>(Map.of("x-openstack-request-id", "req-1"));
        answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        if (answer.contentType() != null) {
            headers.put("content-type", answer.contentType());
        }
        assertThat(Contract.rating()
                        .problems(request.method(), request.path(), answer.status(), headers, answer.body()))
                .as("%s %s %s", request.method(), request.path(), request.query())
                .isEmpty();
        assertThat(answer.status()).isLessThan(500);
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            arguments
                    .computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), n -> new ArrayList<>())
                    .add(equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return arguments;
    }
}
