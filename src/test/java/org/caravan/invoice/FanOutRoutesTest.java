package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents that go to several ERPs, chosen by plain expressions, while one of them is dead or loses its answers. */
class FanOutRoutesTest {
    private static final int MAX_WAITS = 3_000;

    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(1), 0, 9, 2000, 2);

    private static final AccountProfiles PROFILES = AccountProfiles.parse(
            """
            defaults: {connectors: []}
            accounts:
              b: {currency: USD, rate: "0.61"}
              group: {tenants: [d, e], customer: {name: "O'Neill & Söhne", reference: PO-77}}
            """,
            "accounts.yaml");

    private final TestLedger ledger = TestLedger.invoicing();
    private final HikariDataSource pool = pool(ledger.dataSource);
    private final CamelContext hub = new DefaultCamelContext();

    /** What each target got: the document's number. */
    private final Map<String, Queue<String>> got = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        hub.stop();
        pool.close();
    }

    @Test
    void plainExpressionsChooseByTenantCustomerCurrencyAndTotal() throws Exception {
        // given
        String route =
                """
                - route:
                    from:
                      uri: caravan-invoice:outbox?kind=fan-out
                      steps:
                        - filter:
                            simple: ${header.CamelCaravanTotal} > 9
                            steps: [{to: "caravan-invoice:deliver?connector=named/large"}]
                        - choice:
                            when:
                              - simple: ${header.CamelCaravanCurrency} == 'USD'
                                steps: [{to: "caravan-invoice:deliver?connector=named/dollars"}]
                              - simple: ${header.CamelCaravanTenants} contains 'e'
                                steps: [{to: "caravan-invoice:deliver?connector=named/e"}]
                            otherwise:
                              steps: [{to: "caravan-invoice:deliver?connector=named/rest"}]
                        - filter:
                            simple: "${header.CamelCaravanCustomer} == \\"O'Neill & Söhne\\""
                            steps: [{to: "caravan-invoice:deliver?connector=named/oneill,named/large"}]
                """;
        start(route, this::commit);

        // when: 4.80 EUR each, in one document for d and e
        ledger.use("a", "b", "c", "d", "e");
        ledger.closer(ledger.dataSource, PROFILES, CloseSettings.defaults()).close(TestLedger.MONTH);
        await("select count(*) = 6 from delivery where state = 'committed'");

        // then
        assertThat(ledger.rows("select d.account, string_agg(v.connector, ' ' order by v.connector)"
                        + " from document d join delivery v on v.document = d.id group by 1 order by 1"))
                .containsExactly(
                        "a named/rest", "b named/dollars", "c named/rest", "group named/e named/large named/oneill");
        assertThat(got.keySet()).containsExactlyInAnyOrder("large", "dollars", "rest", "e", "oneill");
    }

    @Test
    void oneDeadErpDelaysNobodyElse() throws Exception {
        // given: an ERP that never answers, with more lanes than it may take threads; and others, with lanes of their
        // own
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        start(everywhere("named/dead,named/one,named/two,named/three"), exchange -> {
            if ("dead".equals(exchange.getIn().getHeader("target"))) {
                hanging.incrementAndGet();
                release.await(2, TimeUnit.MINUTES);
            }
            commit(exchange);
        });

        // when
        String[] tenants = new String[12];
        for (int i = 0; i < tenants.length; i++) {
            tenants[i] = "t" + (100 + i);
        }
        ledger.issued(tenants);
        await("select count(*) = 36 from delivery where state = 'committed'");

        // then: the dead one holds what it may hold, and nothing else waited for it
        assertThat(hanging).hasValue(SETTINGS.lanesAtOnce());
        assertThat(ledger.rows("select connector, state, count(*) from delivery group by 1, 2 order by 1, 2"))
                .containsExactly(
                        "named/dead delivering 2",
                        "named/dead pending 10",
                        "named/one committed 12",
                        "named/three committed 12",
                        "named/two committed 12");
        release.countDown();
        await("select count(*) = 48 from delivery where state = 'committed'");
    }

    @Test
    void whatAnAskedConnectorHasIsNeverSentAgainAndWhatItHasNotIs() throws Exception {
        // given: an ERP that keeps what it is sent, but for "lost", and loses its answer to "kept" and "lost" at first
        Map<String, String> erp = new ConcurrentHashMap<>();
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        start(everywhere("named/asked"), exchange -> {
            String account = exchange.getIn().getHeader(InvoiceConstants.ACCOUNT, String.class);
            String operation = exchange.getIn().getHeader(InvoiceConstants.OPERATION, String.class);
            calls.add(account + " " + operation);
            if (operation.equals("ask")) {
                assertThat(exchange.getIn().getBody()).isNull();
                String reference = erp.get(account);
                exchange.getIn()
                        .setHeader(
                                reference == null ? InvoiceConstants.LOOKUP : InvoiceConstants.ERP_REFERENCE,
                                reference == null ? "absent" : reference);
                return;
            }
            boolean first = exchange.getIn().getHeader(InvoiceConstants.ATTEMPT, Integer.class) == 1;
            if (!account.equals("lost") || !first) {
                erp.put(account, "SO-" + account);
            }
            if (!account.equals("fine") && first) {
                throw new java.net.SocketTimeoutException("Read timed out");
            }
            exchange.getIn().setHeader(InvoiceConstants.ERP_REFERENCE, erp.get(account));
        });

        // when
        ledger.issued("fine", "kept", "lost");
        await("select count(*) = 2 from delivery where state = 'in-doubt'");
        ledger.clock.move(Duration.ofSeconds(10));
        await("select count(*) = 2 from delivery where state = 'committed'");
        await("select count(*) = 1 from delivery where state = 'in-doubt' and last_error like 'it is not there yet%'");

        // then: nothing was sent a second time while the first call may still run
        assertThat(calls.stream().filter(call -> call.endsWith("commit"))).hasSize(3);

        // when: it can't any more
        ledger.execute("update delivery set calm_at = clock_timestamp() - interval '1 ms'");
        ledger.clock.move(Duration.ofMinutes(10));
        await("select count(*) = 3 from delivery where state = 'committed'");

        // then: the "no" was believed only after the connector found what it had committed
        assertThat(ledger.rows("select d.account, v.reference, v.attempt from delivery v join document d"
                        + " on d.id = v.document order by 1"))
                .containsExactly("fine SO-fine 1", "kept SO-kept 1", "lost SO-lost 2");
        assertThat(calls.stream().filter(call -> call.equals("lost commit"))).hasSize(2);
        assertThat(calls.stream().filter(call -> call.equals("kept commit"))).hasSize(1);
    }

    @Test
    void aLookupThatFindsNothingEverIsNotBelieved() throws Exception {
        // given: it looks in the wrong place
        AtomicInteger commits = new AtomicInteger();
        start(everywhere("named/asked"), exchange -> {
            if ("ask".equals(exchange.getIn().getHeader(InvoiceConstants.OPERATION))) {
                exchange.getIn().setHeader(InvoiceConstants.LOOKUP, "absent");
                return;
            }
            commits.incrementAndGet();
            if ("b".equals(exchange.getIn().getHeader(InvoiceConstants.ACCOUNT))) {
                throw new java.io.IOException("the connection broke after sending");
            }
            commit(exchange);
        });

        // when
        ledger.issued("a", "b");
        await("select count(*) = 1 from delivery where state = 'in-doubt'");
        ledger.execute("update delivery set calm_at = clock_timestamp() - interval '1 ms'");
        ledger.clock.move(Duration.ofMinutes(10));
        await("select count(*) = 1 from delivery where asked = 1");

        // then
        assertThat(ledger.rows("select last_error from delivery where state = 'in-doubt'"))
                .singleElement()
                .asString()
                .contains("does not find INV-2026-000001 either");
        assertThat(commits).hasValue(2);
    }

    private void commit(Exchange exchange) {
        String number = exchange.getIn().getHeader(InvoiceConstants.INVOICE_NUMBER, String.class);
        got.computeIfAbsent(exchange.getIn().getHeader("target", String.class), target -> new ConcurrentLinkedQueue<>())
                .add(number);
        exchange.getIn().setHeader(InvoiceConstants.ERP_REFERENCE, "SO-" + number);
    }

    private static String everywhere(String connectors) {
        return "- route:\n    from:\n      uri: caravan-invoice:outbox?kind=fan-out\n      steps:\n"
                + "        - to: caravan-invoice:deliver?connector=" + connectors + "\n";
    }

    private void start(String fanOut, Processor erp) throws Exception {
        Properties told = new Properties();
        for (String target :
                List.of("large", "dollars", "e", "rest", "oneill", "dead", "one", "two", "three", "asked")) {
            told.setProperty("camel.kamelet.named-sink." + target + ".name", target);
        }
        told.setProperty("camel.kamelet.named-sink.asked.repeat", "lookup");
        hub.getPropertiesComponent().setInitialProperties(told);
        hub.getRegistry().bind("dataSource", DataSource.class, pool);
        hub.getRegistry().bind("clock", Clock.class, ledger.clock);
        hub.getRegistry().bind("profiles", AccountProfiles.class, PROFILES);
        hub.getRegistry().bind("settings", DeliverySettings.class, SETTINGS);
        hub.getRegistry().bind("erp", Processor.class, erp);
        hub.getComponent("caravan-invoice", InvoiceComponent.class).setConnectorLocations("classpath:test-connectors");
        hub.getComponent("kamelet", KameletComponent.class).setLocation("classpath:test-connectors");
        var loader = PluginHelper.getRoutesLoader(hub);
        loader.loadRoutes(ResourceHelper.fromBytes("fan-out.yaml", fanOut.getBytes(StandardCharsets.UTF_8)));
        loader.loadRoutes(PluginHelper.getResourceLoader(hub)
                .resolveResource("file:" + Path.of("routes/deliver.camel.yaml").toAbsolutePath()));
        hub.start();
    }

    private void await(String sql) throws Exception {
        for (int i = 0; i < MAX_WAITS; i++) {
            if ("t".equals(ledger.rows(sql).get(0))) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError(
                sql + " is not so: " + ledger.rows("select connector, state, attempt, last_error from delivery"));
    }

    private static HikariDataSource pool(DataSource real) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(real);
        config.setMaximumPoolSize(8);
        return new HikariDataSource(config);
    }
}
