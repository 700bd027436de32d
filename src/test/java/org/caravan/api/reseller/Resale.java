package org.caravan.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.ResellerAuthenticator;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Api;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.common.Json;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.reseller.ResellerFile;
import org.caravan.subscription.Shop;
import org.caravan.subscription.billing.BillingSettings;
import org.caravan.subscription.billing.CustomerPayer;
import org.caravan.testing.openapi.Contract;

/**
 * Calls the contract without a server, with real keys. All share one ledger, as making one takes longer than a test; each test
 * makes resellers of its own.
 */
public final class Resale {
    static final String BILLING = "/reseller/billing/v1";
    static final String ACCOUNT = "/reseller/account/v1";
    static final String ADMIN = "/reseller/admin/v1";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Shared {
        static final Shop SHOP = new Shop();
    }

    final Shop shop = Shared.SHOP;

    /** What is shown; null = no key. */
    private String key;

    private final Api api;
    private final ApiKeys keys = new ApiKeys(shop.dataSource, shop.clock);

    Resale() {
        this(ResellerFile.none());
    }

    Resale(ResellerFile file) {
        this(file, 1_000);
    }

    Resale(ResellerFile file, int maxList) {
        api = ResellerApi.of(
                new ResellerBackend(
                        shop.dataSource,
                        "EUR",
                        file,
                        keys,
                        new ResellerLogins(shop.dataSource, shop.clock, 1_000),
                        (client, month) -> shop.closer()
                                .proforma(
                                        month,
                                        new CustomerPayer(
                                                AccountProfiles.none(),
                                                BillingSettings.defaults(),
                                                "EUR",
                                                client.id())),
                        maxList,
                        shop.clock),
                new ResellerAuthenticator(keys, shop.clock));
    }

    /** What was answered. */
    record Reply(int status, JsonNode json, Map<String, String> headers, String body) {
        String text(String field) {
            return json.path(field).isNull() ? null : json.path(field).asText();
        }

        /** The answer itself, which must have this status. */
        Reply is(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }

        /** One attribute of each object of a list. */
        List<String> each(String field) {
            List<String> all = new ArrayList<>();
            json.forEach(object -> all.add(object.path(field).asText()));
            return all;
        }
    }

    RoutingTable table() {
        return api.table();
    }

    ApiKeys keys() {
        return keys;
    }

    /** A name that nobody else has. */
    static String fresh(String word) {
        return word + "-" + COUNT.incrementAndGet();
    }

    /** A merchant in the ledger's currency. @return its id, which is its name, too */
    String reseller() {
        String id = fresh("reseller");
        shop.merchant(id, "eur");
        return id;
    }

    /** A customer of a reseller, who pays in the ledger's currency. @return its id */
    String client(String reseller) {
        String id = fresh("client");
        shop.customer(reseller, id, "eur");
        return id;
    }

    /** From here on a key of this reseller is shown. */
    Resale as(String reseller) {
        return as(reseller, false);
    }

    /** From here on a key of this reseller is shown that may see all of them. */
    Resale asAdmin(String reseller) {
        return as(reseller, true);
    }

    private Resale as(String reseller, boolean all) {
        try {
            key = keys.create(
                    new ApiKeys.Wanted(fresh("key"), ApiKeys.Kind.RESELLER, reseller, Set.of(), false, all), k -> {});
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** From here on this is shown; null = nothing. */
    Resale show(String shown) {
        key = shown;
        return this;
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply post(String path, String body) {
        return send("POST", path, body);
    }

    Reply put(String path, String body) {
        return send("PUT", path, body);
    }

    Reply send(String method, String path, String body) {
        int mark = path.indexOf('?');
        Map<String, String> headers = new HashMap<>();
        if (key != null) {
            headers.put("x-reseller-api-key", key);
        }
        Answer answer = api.answer(
                new Request(
                        method,
                        mark < 0 ? path : path.substring(0, mark),
                        Map.of(),
                        query(mark < 0 ? "" : path.substring(mark + 1)),
                        headers,
                        body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
                        Caller.NOBODY,
                        "http://hub.example:9534",
                        "req-1"),
                "here");
        byte[] sent = sent(answer);
        check(method, path, answer, sent);
        return reply(answer, sent);
    }

    /** Every answer of every test is as the contract's file says. */
    private static void check(String method, String path, Answer answer, byte[] sent) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("x-openstack-request-id", "req-1"));
        if (answer.contentType() != null) {
            headers.put("content-type", answer.contentType());
        }
        answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        Contract.reseller().check(method, path, answer.status(), headers, sent);
    }

    private static byte[] sent(Answer answer) {
        try {
            return answer.stream() == null ? answer.body() : answer.stream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Reply reply(Answer answer, byte[] sent) {
        try {
            String text = new String(sent, StandardCharsets.UTF_8);
            JsonNode json =
                    Answer.JSON.equals(answer.contentType()) ? Json.mapper().readTree(text) : MissingNode.getInstance();
            return new Reply(answer.status(), json, answer.headers(), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, List<String>> query(String query) {
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            arguments
                    .computeIfAbsent(decoded(equals < 0 ? pair : pair.substring(0, equals)), n -> new ArrayList<>())
                    .add(decoded(equals < 0 ? "" : pair.substring(equals + 1)));
        }
        return arguments;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // the server would refuse it before it gets here
            return text;
        }
    }
}
