package org.caravan.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Api;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.common.Json;
import org.caravan.hub.db.HubDatabase;
import org.caravan.invoice.CloseSettings;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.ledger.report.Reports;
import org.caravan.metering.MeteringSettings;
import org.caravan.subscription.DocumentVoiding;
import org.caravan.subscription.TenantTying;
import org.caravan.subscription.payment.PaymentPlugins;
import org.caravan.subscription.tie.Ties;
import org.caravan.testing.Database;
import org.caravan.testing.UsageLedger;
import org.caravan.testing.openapi.Contract;

/**
 * Calls the contract without a server, at a time that a test moves. All share one ledger, as making one takes longer than a
 * test; each test makes merchants of its own.
 */
final class Portal {
    static final String HOST = "http://hub.example:9534";
    static final String METER = "instance";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Shared {
        static final HubDatabase POOL = HubDatabase.open(Database.freshAccess(), 8);
        static final UsageLedger LEDGER = new UsageLedger(POOL.dataSource());
    }

    /** The present. */
    volatile Instant now = UsageLedger.NOW;

    /** Who asks; null = nobody. */
    Caller caller = Caller.admin("kiri", Caller.Kind.KEY);

    final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    private final Api api;

    Portal() {
        this(1_000);
    }

    Portal(int maxList) {
        api = SubscriptionApi.of(
                new SubscriptionBackend(
                        dataSource(),
                        new Reports(dataSource(), ReportSettings.defaults()),
                        new UsagePush(
                                dataSource(),
                                ledger().ledger,
                                MeteringSettings.defaults(),
                                ledger().meters,
                                ledger()::rate,
                                UsageLedger.CLOCK),
                        PaymentPlugins.found(),
                        new TenantTying(new Ties(dataSource(), Duration.ofSeconds(30), clock)),
                        new DocumentVoiding(dataSource(), CloseSettings.defaults(), clock),
                        meter -> meter.startsWith("banded"),
                        true,
                        maxList,
                        clock),
                (headers, remote) -> caller == null ? Caller.NOBODY : caller);
        // what operators add once
        post("/currencies", "{\"name\":\"eur\"}");
        post("/currencies", "{\"name\":\"nzd\"}");
        post("/languages", "{\"name\":\"en\"}");
    }

    /** What was answered. */
    record Reply(int status, JsonNode json, Map<String, String> headers, String body) {
        String text(String field) {
            return json.path(field).isNull() ? null : json.path(field).asText();
        }

        String id() {
            return text("id");
        }

        /** The answer itself, which must have this status. */
        Reply is(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }

        /** An error's type. */
        String type() {
            return text("type");
        }

        /** One attribute of each object of a list. */
        List<String> each(String field) {
            List<String> all = new ArrayList<>();
            json.forEach(object -> all.add(object.path(field).asText()));
            return all;
        }
    }

    static DataSource dataSource() {
        return Shared.POOL.dataSource();
    }

    static UsageLedger ledger() {
        return Shared.LEDGER;
    }

    RoutingTable table() {
        return api.table();
    }

    Portal asOperator() {
        caller = Caller.admin("kiri", Caller.Kind.KEY);
        return this;
    }

    /** With a merchant's key. */
    Portal asMerchant(String merchant) {
        caller = new Caller(
                "shop", null, Set.of(Caller.MERCHANT), Caller.Kind.KEY, new Caller.Grant(merchant, Set.of(), false));
        return this;
    }

    /** With a token of a customer's project. */
    Portal asCustomer(String customer) {
        caller = new Caller(
                "u1",
                "project-of-" + customer,
                Set.of(Caller.CUSTOMER),
                Caller.Kind.KEYSTONE,
                new Caller.Grant(customer, Set.of(), false));
        return this;
    }

    void later(Duration time) {
        now = now.plus(time);
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply post(String path, String body) {
        return send("POST", path, body);
    }

    Reply patch(String path, String body) {
        return send("PATCH", path, body);
    }

    Reply put(String path, String body) {
        return send("PUT", path, body);
    }

    Reply delete(String path) {
        return send("DELETE", path, null);
    }

    Reply send(String method, String path, String body) {
        return send(method, path, body, Map.of());
    }

    /** @param headers by name in lower case */
    Reply send(String method, String path, String body, Map<String, String> headers) {
        int mark = path.indexOf('?');
        Answer answer = api.answer(
                new Request(
                        method,
                        mark < 0 ? path : path.substring(0, mark),
                        Map.of(),
                        query(mark < 0 ? "" : path.substring(mark + 1)),
                        headers,
                        body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
                        Caller.NOBODY,
                        HOST,
                        "req-1"),
                "here");
        check(method, path, answer);
        return reply(answer);
    }

    /** Every answer of every test is as the contract's file says. */
    private static void check(String method, String path, Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("x-openstack-request-id", "req-1"));
        if (answer.contentType() != null) {
            headers.put("content-type", answer.contentType());
        }
        answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        Contract.subscription().check(method, path, answer.status(), headers, answer.body());
    }

    private static Reply reply(Answer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        try {
            JsonNode json = answer.body().length == 0
                    ? MissingNode.getInstance()
                    : Json.mapper().readTree(text);
            return new Reply(answer.status(), json, answer.headers(), text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
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

    /** A name that nobody else has. */
    static String fresh(String word) {
        return word + "-" + COUNT.incrementAndGet();
    }

    /** @return its id */
    String merchant() {
        return post("/merchants", "{\"name\":\"" + fresh("shop") + "\",\"currency\":\"eur\",\"language\":\"en\"}")
                .is(202)
                .id();
    }

    static String m(String merchant) {
        return "/merchants/" + merchant;
    }

    String customer(String merchant) {
        return post(m(merchant) + "/customers", "{\"name\":\"" + fresh("buyer") + "\",\"title\":\"A buyer\"}")
                .is(202)
                .id();
    }

    String product(String merchant, String meter) {
        return post(m(merchant) + "/products", "{\"name\":\"" + meter + "\",\"properties\":{\"measure\":\"hour\"}}")
                .is(202)
                .id();
    }

    /** A plan that sells products. */
    String plan(String merchant, String... products) {
        StringBuilder items = new StringBuilder();
        for (String product : products) {
            items.append(items.isEmpty() ? "" : ",")
                    .append("{\"product_id\":\"")
                    .append(product)
                    .append("\"}");
        }
        return post(m(merchant) + "/plans", "{\"name\":\"" + fresh("plan") + "\",\"items\":[" + items + "]}")
                .is(202)
                .id();
    }

    String subscription(String merchant, String customer, String plan, String more) {
        return post(
                        m(merchant) + "/subscriptions",
                        "{\"customer_id\":\"" + customer + "\",\"plan_id\":\"" + plan + "\"" + more + "}")
                .is(202)
                .id();
    }

    String config(String merchant) {
        return post(
                        m(merchant) + "/payment_gateway_configurations",
                        "{\"name\":\"" + fresh("config") + "\",\"provider_id\":\"dummy\"}")
                .is(202)
                .id();
    }

    static void execute(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of all rows, as texts. */
    static List<String> rows(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
