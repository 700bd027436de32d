package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import javax.sql.DataSource;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Api;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.common.Json;
import org.caravan.hub.db.HubDatabase;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.store.RuleStore;
import org.caravan.rating.store.StoredTariff;
import org.caravan.testing.Database;
import org.caravan.testing.openapi.Contract;

/**
 * Calls CloudKitty's contract without a server, at a time that a test moves. All share one database, as making one takes
 * longer than a test; each begins with no rules in it.
 */
final class Calls {
    static final String BASE = HashMapRoute.BASE;
    private static final String HOST = "http://hub.example:9534";

    private final Api api;

    private static final class Shared {
        static final HubDatabase POOL = HubDatabase.open(Database.freshAccess(), 8);
    }

    /** The present. */
    volatile Instant now = Instant.parse("2026-11-20T10:00:00Z");

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

    final StoredTariff tariff = new StoredTariff(new RuleStore(dataSource(), clock), Duration.ZERO, clock);

    Calls() {
        this(RatingSettings.defaults());
    }

    Calls(RatingSettings settings) {
        execute("delete from rule_mapping; delete from rule_threshold; delete from rule_field; delete from rule_group;"
                + " delete from rule_service; update rule_state set currency = null;"
                + " update rating_module set enabled = name <> 'pyscripts', priority = 1");
        Backend backend = new Backend(dataSource(), "EUR", MeterCatalog.empty(), tariff, settings, clock);
        api = RatingApi.of(backend, (headers, remote) -> caller == null ? Caller.NOBODY : caller);
    }

    /** What was answered. */
    record Reply(int status, JsonNode json, Map<String, String> headers, String body) {
        String text(String field) {
            return json.path(field).isNull() ? null : json.path(field).asText();
        }

        /** The sentence of an error of v1. */
        String fault() {
            assertThat(json.path("debuginfo").isNull()).as(body).isTrue();
            return json.path("faultstring").asText();
        }

        /** One attribute of each object of a list. */
        List<String> each(String list, String field) {
            List<String> all = new ArrayList<>();
            json.path(list).forEach(object -> all.add(object.path(field).asText()));
            return all;
        }
    }

    DataSource dataSource() {
        return Shared.POOL.dataSource();
    }

    /** As a user without a role. */
    Calls asUser(String project) {
        caller = new Caller("u1", project, Set.of("member"), Caller.Kind.KEYSTONE);
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

    Reply delete(String path) {
        return send("DELETE", path, null);
    }

    /** @param path with its query; below {@link #BASE} where it does not begin with /v */
    Reply send(String method, String path, String body) {
        String full = path.startsWith("/v") ? path : BASE + path;
        int mark = full.indexOf('?');
        Answer answer = api.answer(
                new Request(
                        method,
                        mark < 0 ? full : full.substring(0, mark),
                        Map.of(),
                        query(mark < 0 ? "" : full.substring(mark + 1)),
                        Map.of(),
                        body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
                        Caller.NOBODY,
                        HOST,
                        "req-1"),
                "here");
        check(method, full, answer);
        return reply(answer);
    }

    /** Every answer is as the contract's file says. */
    private static void check(String method, String path, Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("x-openstack-request-id", "req-1"));
        if (answer.contentType() != null) {
            headers.put("content-type", answer.contentType());
        }
        answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        Contract.rating().check(method, path, answer.status(), headers, answer.body());
    }

    /** All routes of the contract. */
    RoutingTable table() {
        return api.table();
    }

    private static Reply reply(Answer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        try {
            JsonNode json = answer.body().length == 0
                    ? MissingNode.getInstance()
                    : Json.mapper().readTree(text);
            return new Reply(answer.status(), json, answer.headers(), text);
        } catch (java.io.IOException e) {
            return new Reply(answer.status(), MissingNode.getInstance(), answer.headers(), text);
        }
    }

    private static Map<String, List<String>> query(String query) {
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            arguments
                    .computeIfAbsent(pair.substring(0, equals), n -> new ArrayList<>())
                    .add(java.net.URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return arguments;
    }

    String service(String name) {
        return made(post("/services", object("name", name)), "service_id");
    }

    String field(String service, String name) {
        return made(post("/fields", object("name", name, "service_id", service)), "field_id");
    }

    String group(String name) {
        return made(post("/groups", object("name", name)), "group_id");
    }

    /** @param attributes name, value, name, value ... */
    String mapping(String... attributes) {
        return made(post("/mappings?force=true", object(attributes)), "mapping_id");
    }

    String threshold(String... attributes) {
        return made(post("/thresholds", object(attributes)), "threshold_id");
    }

    private static String made(Reply reply, String id) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply.text(id);
    }

    /** A JSON object of texts; a null value is null. */
    static String object(String... attributes) {
        ObjectNode object = Json.mapper().createObjectNode();
        for (int i = 0; i < attributes.length; i += 2) {
            object.put(attributes[i], attributes[i + 1]);
        }
        return object.toString();
    }

    void execute(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row, as text. */
    String ask(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The version of the rules, which every change raises. */
    String version() {
        return ask("select version from rule_state");
    }
}
