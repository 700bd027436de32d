package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.caravan.hub.cli.CaravanConsole;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.invoice.adapter.InvoiceAdapter;
import org.caravan.invoice.adapter.InvoiceAdapterFactory;
import org.caravan.invoice.adapter.InvoiceContext;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A secret in every place that takes one, each with a name of its own, and everything that the hub lets be seen searched for
 * them: what it logs, health, metrics, every attribute of every MBean, what commands print, and what an ERP quotes back.
 */
class PlantedSecretsTest {
    private static final String MARK = "Pl4nted";

    /** A hub would wait long for brokers that are not there; commands say it soon. */
    private static final List<String> KAFKA = List.of(
            "caravan.kafka.brokers=127.0.0.1:1",
            "caravan.kafka.topic=usage",
            "caravan.kafka.answerTimeout=1s",
            "camel.component.kafka.security-protocol=SASL_PLAINTEXT",
            "camel.component.kafka.sasl-mechanism=PLAIN",
            "camel.component.kafka.sasl-jaas-config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " username=\"u\" password=\"" + MARK + "-jaas" + "\";");

    @TempDir
    private Path directory;

    private final DatabaseAccess ledger = Database.freshAccess();
    private final Map<String, String> seen = new TreeMap<>();
    private final ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();

    @Test
    void noSecretIsSeenAnywhere() throws Exception {
        // given
        HttpServer erp = quotingServer();
        Listener listener = new Listener(logged);
        listener.begin();
        int management = RunningHub.freePort();
        int api = RunningHub.freePort();
        Path inbox = Files.createDirectory(directory.resolve("in"));
        List<String> settings = settings("http://127.0.0.1:" + erp.getAddress().getPort(), management, api);
        try (RunningHub hub = RunningHub.start(ledger, inbox, Clock.systemUTC(), settings.toArray(String[]::new))) {
            // when: usage comes in, is billed, and no connector takes the invoice
            Files.writeString(
                    inbox.resolve("october.csv"),
                    """
                    tenant,datacenter,resource,meter,quantity,unit,begin,end
                    acme,a,r,compute.m1,1,h,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z
                    """);
            RunningHub.await("usage is in", () -> "1".equals(RunningHub.ask(ledger, "select count(*) from entry")));
            command(settings, "close", "2026-10", "--force");
            RunningHub.await("every connector failed", () -> "0"
                    .equals(RunningHub.ask(ledger, "select count(*) from delivery where last_error is null")));
            RunningHub.await("a source failed", () -> !"0"
                    .equals(RunningHub.ask(ledger, "select count(*) from source where last_error is not null")));

            // then: collect all there is to see
            List<String> more = new ArrayList<>(settings);
            more.addAll(KAFKA);
            commands(more);
            http(management, "/observe/health?data=true", "/observe/health/ready?data=true", "/observe/metrics");
            http(api, "/", "/v1/rating/modules", "/v2/summary", "/caravan/v1/usage", "/nowhere?token=x");
            mbeans();
            for (String table :
                    List.of("delivery", "delivery_attempt", "delivery_note", "delivery_lane", "outbox", "source")) {
                seen.put(
                        "ledger " + table,
                        RunningHub.ask(ledger, "select string_agg(t::text, chr(10)) from " + table + " t") + "");
            }
        } finally {
            listener.end();
            erp.stop(0);
        }
        seen.put("log", String.join("\n", logged));

        // then
        assertThat(seen.get("log")).as("the test sees the log").contains("caravan");
        assertThat(seen).as("what was looked at").hasSizeGreaterThan(30);
        List<String> found = new ArrayList<>();
        seen.forEach((where, text) -> text.lines()
                .filter(line -> line.contains(MARK) || line.contains(ledger.password()))
                .forEach(line -> found.add(where + ": " + line.strip())));
        assertThat(found).isEmpty();
    }

    private List<String> settings(String erp, int management, int api) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "caravan.currency=NZD",
                "caravan.tariff=" + Path.of("examples/tariff.yaml").toAbsolutePath(),
                "caravan.management.port=" + management,
                "caravan.management.interval=500ms",
                "caravan.api.port=" + api,
                "caravan.api.keyFile=" + directory.resolve("operator.key"),
                "caravan.accounts=" + accounts(),
                "caravan.out=" + directory.resolve("out"),
                "caravan.delivery.maxAttempts=2",
                "caravan.delivery.firstDelay=0s",
                "caravan.keystone.url=http://127.0.0.1:1/v3",
                "caravan.keystone.user=caravan",
                "caravan.keystone.passwordFile=" + secretFile("keystone"),
                "caravan.sql.url=jdbc:postgresql://127.0.0.1:1/x?user=u&password=" + planted("sql-url"),
                "caravan.sql.password=" + planted("sql"),
                "caravan.sql.table=t",
                "caravan.sql.columns=tenant, resource, meter, quantity, unit, begin, end",
                "caravan.sql.watermark=w",
                "caravan.sql.tieBreaker=id",
                "caravan.sql.poll=100ms",
                "caravan.sql.timeout=1s",
                "caravan.ceilometer.push=true",
                "caravan.meters=" + Path.of("examples/ceilometer.yaml").toAbsolutePath(),
                "caravan.ceilometer.secretFile=" + secretFile("ceilometer"),
                "caravan.connectors=http/basic,http/bearer,http/url",
                "camel.kamelet.http-sink.basic.url=" + erp + "/basic",
                "camel.kamelet.http-sink.basic.repeat=safe",
                "camel.kamelet.http-sink.basic.auth=basic",
                "camel.kamelet.http-sink.basic.username=u",
                "camel.kamelet.http-sink.basic.password=" + planted("http-basic"),
                "camel.kamelet.http-sink.bearer.url=" + erp + "/bearer",
                "camel.kamelet.http-sink.bearer.repeat=safe",
                "camel.kamelet.http-sink.bearer.auth=bearer",
                "camel.kamelet.http-sink.bearer.token={{file:" + secretFile("http-bearer") + "}}",
                "camel.kamelet.http-sink.url.url=" + erp + "/url?api-key=" + planted("http-url"),
                "camel.kamelet.http-sink.url.repeat=safe",
                "camel.kamelet.openerp-sink.url=" + erp,
                "camel.kamelet.openerp-sink.database=d",
                "camel.kamelet.openerp-sink.user=u",
                "camel.kamelet.openerp-sink.password=" + planted("openerp"),
                "camel.kamelet.sql-sink.host=127.0.0.1",
                "camel.kamelet.sql-sink.port=1",
                "camel.kamelet.sql-sink.database_name=d",
                "camel.kamelet.sql-sink.username=u",
                "camel.kamelet.sql-sink.password=" + planted("sql-sink"),
                "caravan.invoice.object=" + Quoting.class.getName(),
                "caravan.invoice.object.password=" + planted("adapter"),
                "caravan.invoice.object.address=http://u:" + planted("adapter-url") + "@127.0.0.1:1/"));
        return all;
    }

    /** An adapter that puts what it was told into its error. */
    public static final class Quoting implements InvoiceAdapterFactory {
        @Override
        public String name() {
            return "quoting";
        }

        @Override
        public InvoiceAdapter create(InvoiceContext invoice) {
            throw new IllegalStateException("can't log in with " + invoice.config());
        }
    }

    private static String planted(String name) {
        return MARK + "-" + name;
    }

    private Path secretFile(String name) throws Exception {
        return Files.writeString(directory.resolve(name + ".secret"), planted(name) + "\n");
    }

    private Path accounts() throws Exception {
        return Files.writeString(
                directory.resolve("accounts.yaml"),
                "defaults: {connectors: [http/basic, http/bearer, http/url, openerp, sql, adapter]}\n");
    }

    /** An ERP that quotes the whole request in its error. */
    private static HttpServer quotingServer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = ("refused " + exchange.getRequestURI() + " "
                            + new LinkedHashMap<>(exchange.getRequestHeaders()) + " "
                            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(500, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void commands(List<String> settings) {
        for (String command : List.of(
                "check --security",
                "check --json --timeout 1",
                "status",
                "status --json",
                "sources",
                "sources check sql --verbose",
                "deliveries list",
                "deliveries list --json",
                "deliveries show 1",
                "connector list",
                "connector list --json",
                "connector apply http/url --verbose",
                "connector apply nowhere --verbose",
                "months",
                "invoices --json",
                "mediator --verbose",
                "rate --verbose --tariff nowhere --usage nowhere",
                "audit")) {
            command(settings, command.split(" "));
        }
        // mistakes about secrets
        command(List.of(), "status", "--set", "caravan.ledger.passwort=" + planted("key"), "--verbose");
        command(List.of(), "status", "--set", "caravan.ledger.password:" + planted("colon"), "--verbose");
        command(
                List.of(),
                "check",
                "--set",
                "caravan.keystone.password=" + planted("long").repeat(200));
    }

    private void command(List<String> settings, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            String printed = CaravanConsole.run(ledger, arguments.toArray(String[]::new));
            seen.put("command " + String.join(" ", command), printed + bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
        }
    }

    private void http(int port, String... paths) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (String path : paths) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .header("X-Auth-Token", planted("wrong-key"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            seen.put("http " + path, answer.headers().map() + "\n" + answer.body());
        }
    }

    private void mbeans() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(null, null)) {
            StringBuilder text = new StringBuilder(name + "\n");
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                try {
                    text.append(attribute.getName())
                            .append('=')
                            .append(text(server.getAttribute(name, attribute.getName())))
                            .append('\n');
                } catch (Exception e) {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    text.append(trace);
                }
            }
            for (MBeanOperationInfo operation : server.getMBeanInfo(name).getOperations()) {
                if (operation.getSignature().length == 0
                        && operation.getName().matches("dump.*|explain.*|list.*|get.*|.*[aA]s(Json|Xml|Yaml|Text)")
                        && name.getDomain().startsWith("org.apache.camel")) {
                    try {
                        text.append(operation.getName())
                                .append('=')
                                .append(text(server.invoke(name, operation.getName(), null, null)))
                                .append('\n');
                    } catch (Exception e) {
                        text.append(e);
                    }
                }
            }
            seen.put("mbean " + name, text.toString());
        }
    }

    private static String text(Object value) {
        if (value instanceof Object[] array) {
            return Arrays.stream(array).map(PlantedSecretsTest::text).toList().toString();
        }
        if (value instanceof CompositeData data) {
            return data.values().stream().map(PlantedSecretsTest::text).toList().toString();
        }
        if (value instanceof TabularData data) {
            return data.values().stream().map(PlantedSecretsTest::text).toList().toString();
        }
        return String.valueOf(value);
    }

    /** Sees whatever is logged, with stack traces. */
    private static final class Listener extends AbstractAppender {
        private final ConcurrentLinkedQueue<String> logged;
        private Level before;
        private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

        Listener(ConcurrentLinkedQueue<String> logged) {
            super("planted", null, null, true, Property.EMPTY_ARRAY);
            this.logged = logged;
        }

        void begin() {
            start();
            before = context.getConfiguration().getRootLogger().getLevel();
            context.getConfiguration().getRootLogger().addAppender(this, Level.INFO, null);
            context.getConfiguration().getRootLogger().setLevel(Level.INFO);
            context.updateLoggers();
        }

        void end() {
            context.getConfiguration().getRootLogger().removeAppender("planted");
            context.getConfiguration().getRootLogger().setLevel(before);
            context.updateLoggers();
        }

        @Override
        public void append(LogEvent event) {
            StringWriter text = new StringWriter();
            text.append(event.getLoggerName())
                    .append(' ')
                    .append(event.getMessage().getFormattedMessage());
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(text));
            }
            logged.add(text.toString());
        }
    }
}
