package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.caravan.testing.UsageLedger;

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
                : new Caller("u", token.equals(NOBODYS) ? null : token, Set.of("member"), Caller.Kind.KEYSTONE);
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
                new Backend(ledger.database, meters, usage, RatingSettings.defaults(), UsageLedger.CLOCK), TOKENS);
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
