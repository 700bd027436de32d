package org.caravan.hub.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import javax.management.Attribute;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.caravan.common.UserError;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running hub as its operators see it: one hub for all tests, on a ledger that needs a person in every respect. */
class ManagementTest {
    private static final String SECRET = "hush-4711-hush";
    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    /** A connector that tells its secret when it fails. */
    private static final String LEAKY =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: leaky-sink
              annotations: {caravan/repeat: "never"}
            spec:
              definition:
                title: Leaky
                required: [apiKey]
                properties:
                  apiKey: {title: Key, type: string, format: password}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - throwException:
                        exceptionType: java.lang.IllegalStateException
                        message: "401 for {{apiKey}}"
            """;

    @TempDir
    static Path directory;

    private static DatabaseAccess database;
    private static RunningHub hub;

    @BeforeAll
    static void start() throws Exception {
        database = Database.freshAccess();
        execute(
                """
                insert into ledger (issuer, currency) values ('test', 'NZD');
                insert into source (name, kind, created_at, updated_at, last_error, last_error_at)
                values ('inbox', 'files', '2026-01-01Z', '2026-01-01Z', 'login with %s refused', '2026-01-02Z');
                insert into position (source, key, value, updated_at) values ('inbox', 'some file', 42, '2026-01-01Z');
                insert into quarantine (kind, reason, batch, created_at) values ('unusable', 'no tenant', 1, '2026-01-01Z');
                insert into batch (id, buckets, records, accepted, duplicate, conflict, quarantined, unpriced)
                values (nextval('batch_id'), '', 10, 6, 3, 0, 1, 2);
                insert into document (key, number, kind, issuer, account, month, sequence, proforma, currency, total, exact,
                                      lines, body, digest, issued_at)
                select 'k' || n, 'N' || n, 'invoice', 'test', 'acme', '2026-09-01', n, false, 'NZD', 1, 1, 1,
                       '{"total":"1"}', '', '2026-10-02Z' from generate_series(1, 3) n;
                insert into outbox (document, state, last_error) values (1, 'parked', 'no connector is named');
                insert into delivery (document, connector, state, last_error, due_at)
                values (1, 'odoo', 'in-doubt', 'timeout with %s', 'infinity');
                insert into delivery (document, connector, due_at) values (2, 'leaky', '2026-01-01Z');
                create table entry_2026_03 partition of entry for values in ('2026-03-01');
                create table rollup_2026_03 partition of rollup for values in ('2026-03-01');
                insert into entry (first_begin, last_end, batch, billing_month, usage_day, tenant, datacenter, meter, resource,
                                   identity, product, unit, price_id, records, bucket, kind, quantity, amount, seconds)
                values ('2026-03-01Z', '2026-03-02Z', 1, '2026-03-01', '2026-03-01', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
                """
                        .replace("%s", SECRET));
        Path connectors = Files.createDirectory(directory.resolve("connectors"));
        Files.writeString(connectors.resolve("leaky-sink.kamelet.yaml"), LEAKY);
        Files.copy(
                Path.of("connectors/csv-directory-sink.kamelet.yaml"),
                connectors.resolve("csv-directory-sink.kamelet.yaml"));
        hub = RunningHub.start(
                directory,
                database,
                "camel.kamelet.leaky-sink.apiKey=" + SECRET,
                "caravan.connectors.directory=" + connectors,
                "caravan.management=full",
                "caravan.rerate.period=500ms",
                "caravan.management.interval=100ms",
                "caravan.health.ledgerSilence=1s");
        // the leaky connector has failed
        RunningHub.await(() -> bean("connectors", "leaky") != null
                && "1".equals(attribute(bean("connectors", "leaky"), "Undecided") + ""));
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
        assertThat(BEANS.queryNames(new ObjectName("org.apache.camel:context=caravan,*"), null))
                .isEmpty();
    }

    @Test
    void healthNamesEveryReasonWithItsRemedyAndKillsNobody() throws Exception {
        // given, when
        JsonNode health = json(hub.get("/observe/health"), 503);
        JsonNode ready = json(hub.get("/observe/health/ready"), 200);
        JsonNode live = json(hub.get("/observe/health/live"), 200);
        // then
        assertThat(message(health, "caravan-sources"))
                .contains("source inbox failed", "login with *** refused", "tried again by itself", "and 2 more");
        assertThat(message(health, "caravan-months")).contains("month 2026-03 ended", "caravan close 2026-03");
        assertThat(message(health, "caravan-quarantine")).contains("1 unusable", "caravan quarantine list");
        assertThat(message(health, "caravan-fan-out")).contains("1 documents go to no connector", "the route fan-out");
        assertThat(message(health, "caravan-deliveries")).contains("in doubt", "adopt", "more)");
        assertThat(check(health, "caravan-ledger").path("status").asText()).isEqualTo("UP");
        for (String well : new String[] {"caravan-disk", "caravan-connectors", "caravan-pricing"}) {
            assertThat(check(health, well).path("status").asText()).as(well).isEqualTo("UP");
            assertThat(check(ready, well).isMissingNode()).as(well).isTrue();
        }
        assertThat(check(ready, "caravan-ledger").path("status").asText()).isEqualTo("UP");
        assertThat(check(ready, "caravan-deliveries").isMissingNode()).isTrue();
        assertThat(check(live, "caravan-hub").path("status").asText()).isEqualTo("UP");
        assertThat(check(live, "caravan-ledger").isMissingNode()).isTrue();
    }

    @Test
    void metricsCountWhatTheLedgerHolds() throws Exception {
        // given, when
        String metrics = hub.get("/observe/metrics").body();
        // then
        assertThat(metrics)
                .contains("# HELP caravan_records_total Usage records by what became of them")
                .contains("caravan_records_total{outcome=\"accepted\"} 6.0\n")
                .contains("caravan_records_total{outcome=\"duplicate\"} 3.0\n")
                .contains("caravan_records_unpriced_total 2.0\n")
                .contains("caravan_batches_total 1.0\n")
                .contains("caravan_quarantine_held{kind=\"unusable\"} 1.0\n")
                .contains("caravan_quarantine_held{kind=\"conflict\"} 0.0\n")
                .contains("caravan_deliveries{connector=\"odoo\",state=\"in-doubt\"} 1.0\n")
                .contains("caravan_source_failing{source=\"inbox\"} 1.0\n")
                .contains("caravan_months_open 1.0\n")
                .contains("caravan_fan_out_parked 1.0\n")
                .contains("caravan_findings{area=\"sources\"} 3.0\n")
                .contains("caravan_ledger_up 1.0\n")
                .contains("caravan_commit_seconds_count 0\n")
                .containsPattern("caravan_delivery_oldest_seconds\\{connector=\"odoo\"} [1-9]")
                // never said how far it is rated
                .doesNotContain("caravan_source_rated_lag_seconds{")
                .doesNotContain("NaN");
    }

    @Test
    void everyIdeaHasItsBean() throws Exception {
        // given, when, then
        assertThat(attribute(bean("caravan", "ledger"), "Accepted")).isEqualTo(6L);
        assertThat(attribute(bean("caravan", "quarantine"), "Held")).isEqualTo(1L);
        assertThat(attribute(bean("caravan", "months"), "OldestOpen")).isEqualTo("2026-03");
        assertThat(attribute(bean("caravan", "fan-out"), "Parked")).isEqualTo(1L);
        assertThat(attribute(bean("sources", "inbox"), "LastError")).isEqualTo("login with *** refused");
        assertThat((String[]) attribute(bean("sources", "inbox"), "NewestPositions"))
                .singleElement()
                .asString()
                .startsWith("some file = 42, ");
        assertThat(attribute(bean("connectors", "odoo"), "InDoubt")).isEqualTo(1L);
        assertThat(attribute(bean("connectors", "odoo"), "Backlog")).isEqualTo(1L);
        assertThat(attribute(bean("caravan", "hub"), "Well")).isEqualTo(false);
        assertThat((String[]) attribute(bean("caravan", "hub"), "Findings")).hasSizeGreaterThan(4);
        for (ObjectName name : ours()) {
            assertThat(BEANS.getMBeanInfo(name).getAttributes()).isNotEmpty().allSatisfy(attribute -> assertThat(
                            attribute.getDescription())
                    .hasSizeGreaterThan(10)
                    .contains(" "));
        }
    }

    @Test
    void noAnswerHoldsASecret() throws Exception {
        // given
        StringBuilder all = new StringBuilder();
        for (String path : new String[] {
            "/observe/health",
            "/observe/health?data=true&stackTrace=true&exposureLevel=full",
            "/observe/health/ready?data=true&stackTrace=true",
            "/observe/metrics"
        }) {
            all.append(hub.get(path).body());
        }
        int beans = 0;
        for (ObjectName name : BEANS.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            beans++;
            all.append(name);
            for (MBeanAttributeInfo attribute : BEANS.getMBeanInfo(name).getAttributes()) {
                all.append(text(attribute(name, attribute.getName())));
            }
        }
        // when
        String everything = all.toString();
        // then: it was there to be found, and what stands beside it is
        assertThat(beans).isGreaterThan(20);
        assertThat(everything).contains("login with *** refused", "401 for ***");
        assertThat(everything).doesNotContain(SECRET).doesNotContain(database.password());
    }

    @Test
    void aRequestForAnotherHostIsRefused() throws Exception {
        // given, when, then
        assertThat(hub.statusFor("evil.example", "/observe/health")).startsWith("HTTP/1.1 421");
        assertThat(hub.statusFor("evil.example:" + hub.port, "/observe/metrics"))
                .startsWith("HTTP/1.1 421");
        assertThat(hub.statusFor("localhost:" + hub.port, "/observe/metrics")).startsWith("HTTP/1.1 200");
        assertThat(hub.statusFor("127.0.0.1", "/observe/health/live")).startsWith("HTTP/1.1 200");
    }

    @Test
    void onlyTheLoopbackInterfaceIsListenedOn() throws Exception {
        // given: the whole of it is bound, so any other address is still free for another
        InetAddress other = InetAddress.getByName("127.0.0.2");
        // when
        try (ServerSocket socket = new ServerSocket(hub.port, 1, other)) {
            // then
            assertThat(socket.isBound()).isTrue();
        }
    }

    @Test
    void aPortThatIsTakenEndsTheStartNamingPortAndSetting() throws Exception {
        // given
        DatabaseAccess unused = Database.freshAccess();
        // when, then
        assertThatThrownBy(() -> RunningHub.start(directory, unused, "caravan.management.port=" + hub.port))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("127.0.0.1 port " + hub.port)
                .hasMessageContaining("caravan.management.port");
        assertThatThrownBy(() -> RunningHub.start(directory, unused, "camel.management.port=1"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("camel.management.port")
                .hasMessageContaining("caravan.management.port");
        assertThatThrownBy(() -> RunningHub.start(directory, unused, "caravan.management.address=no.such.host.invalid"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("caravan.management.address");
    }

    @Test
    void aDatabaseThatIsAwayIsToldAtOnceAndTheHubRecovers() throws Exception {
        // given
        String name = database.url().substring(database.url().lastIndexOf('/') + 1);
        // when: nobody gets in any more
        maintain("alter database " + name + " allow_connections false");
        maintain("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
        try {
            // then: who asks is answered, from what was known
            RunningHub.await(() -> "DOWN"
                    .equals(check(json(hub.get("/observe/health"), 503), "caravan-ledger")
                            .path("status")
                            .asText()));
            assertThat(hub.get("/observe/health/ready").statusCode()).isEqualTo(503);
            JsonNode health = json(hub.get("/observe/health"), 503);
            assertThat(message(health, "caravan-ledger")).contains("answer", "PostgreSQL runs");
            assertThat(message(health, "caravan-quarantine")).contains("1 unusable");
            assertThat(hub.get("/observe/health/live").statusCode()).isEqualTo(200);
            assertThat(hub.get("/observe/metrics").body())
                    .contains("caravan_records_total{outcome=\"accepted\"} 6.0\n");
            assertThat(attribute(bean("caravan", "ledger"), "Accepted")).isEqualTo(6L);
        } finally {
            maintain("alter database " + name + " allow_connections true");
        }
        // and it goes on by itself
        RunningHub.await(() -> hub.get("/observe/health/ready").statusCode() == 200);
        assertThat(attribute(bean("caravan", "hub"), "LedgerError")).isNull();
    }

    @Test
    void whatHawtiosCamelViewShowsIsThereAndNoDebuggerListens() throws Exception {
        // given
        ObjectName context = new ObjectName("org.apache.camel:context=caravan,type=context,name=\"caravan\"");
        ObjectName route = new ObjectName("org.apache.camel:context=caravan,type=routes,name=\"deliver\"");
        ObjectName tracer = new ObjectName("org.apache.camel:context=caravan,type=tracer,name=BacklogTracer");
        ObjectName debugger = new ObjectName("org.apache.camel:context=caravan,type=tracer,name=BacklogDebugger");
        // when, then: statistics, source and diagram
        assertThat(BEANS.getAttribute(route, "StatisticsEnabled")).isEqualTo(true);
        assertThat(BEANS.getAttribute(context, "MessageHistory")).isEqualTo(true);
        assertThat(BEANS.getAttribute(route, "SourceLocation").toString()).contains("deliver.camel.yaml");
        assertThat(BEANS.invoke(context, "dumpRoutesAsXml", new Object[0], new String[0])
                        .toString())
                .contains("<route ", "id=\"deliver\"", "caravan-invoice");
        ObjectName types = new ObjectName("org.apache.camel:context=caravan,type=services,name=*TypeConverter*");
        assertThat(BEANS.queryNames(types, null))
                .anySatisfy(name -> assertThat((long) BEANS.getAttribute(name, "HitCounter")
                                + (long) BEANS.getAttribute(name, "NoopCounter")
                                + (long) BEANS.getAttribute(name, "AttemptCounter"))
                        .isPositive());
        ObjectName inflight = BEANS.queryNames(
                        new ObjectName("org.apache.camel:context=caravan,type=services,name=*InflightRepository*"),
                        null)
                .iterator()
                .next();
        assertThat(BEANS.getAttribute(inflight, "InflightBrowseEnabled")).isEqualTo(true);
        // when, then: they stand by and cost nothing before somebody switches them on
        assertThat(BEANS.getAttribute(tracer, "Standby")).isEqualTo(true);
        assertThat(BEANS.getAttribute(tracer, "Enabled")).isEqualTo(false);
        assertThat(BEANS.getAttribute(debugger, "Standby")).isEqualTo(true);
        assertThat(BEANS.getAttribute(debugger, "Enabled")).isEqualTo(false);
        try (Socket none = new Socket()) {
            assertThatThrownBy(() -> none.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1099), 1000))
                    .isInstanceOf(IOException.class);
        }
        // when: traced
        BEANS.setAttribute(tracer, new Attribute("Enabled", true));
        RunningHub.await(() -> (long) BEANS.getAttribute(tracer, "TraceCounter") > 0);
        BEANS.setAttribute(tracer, new Attribute("Enabled", false));
        // then
        assertThat(BEANS.invoke(tracer, "dumpAllTracedMessagesAsXml", new Object[0], new String[0])
                        .toString())
                .contains("<backlogTracerEventMessage");
    }

    private static Set<ObjectName> ours() throws Exception {
        Set<ObjectName> names =
                BEANS.queryNames(new ObjectName("org.apache.camel:context=caravan,type=caravan,*"), null);
        names.addAll(BEANS.queryNames(new ObjectName("org.apache.camel:context=caravan,type=sources,*"), null));
        names.addAll(BEANS.queryNames(new ObjectName("org.apache.camel:context=caravan,type=connectors,*"), null));
        names.addAll(BEANS.queryNames(new ObjectName("org.apache.camel:context=caravan,type=months,*"), null));
        assertThat(names).hasSize(11);
        return names;
    }

    /** Null if there is none yet. */
    private static ObjectName bean(String type, String name) throws Exception {
        ObjectName wanted =
                new ObjectName("org.apache.camel:context=caravan,type=" + type + ",name=" + ObjectName.quote(name));
        return BEANS.isRegistered(wanted) ? wanted : null;
    }

    private static Object attribute(ObjectName bean, String name) throws Exception {
        return BEANS.getAttribute(bean, name);
    }

    private static String text(Object value) {
        return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return new ObjectMapper().readTree(response.body());
    }

    private static JsonNode check(JsonNode health, String id) {
        for (JsonNode check : health.path("checks")) {
            if (check.path("name").asText().equals(id)) {
                return check;
            }
        }
        return health.path("no such check");
    }

    private static String message(JsonNode health, String id) {
        assertThat(check(health, id).path("status").asText()).as(id).isEqualTo("DOWN");
        return check(health, id).path("message").asText();
    }

    private static void execute(String sql) throws SQLException {
        execute(database.url(), sql);
    }

    /** From another database of the same server. */
    private static void maintain(String sql) throws SQLException {
        execute(database.url().substring(0, database.url().lastIndexOf('/') + 1) + "postgres", sql);
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
