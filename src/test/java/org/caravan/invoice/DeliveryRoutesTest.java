package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.PluginHelper;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to money on its way when ERPs, connectors and hubs fail: the hub's own routes, with Kamelets. */
class DeliveryRoutesTest {
    private static final int MAX_WAITS = 6_000;

    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(1), 0, 9, 2000);

    private final TestLedger ledger = TestLedger.invoicing();
    private final HikariDataSource pool = pool(ledger.dataSource);
    private final List<CamelContext> hubs = new ArrayList<>();

    @AfterEach
    void stop() {
        hubs.forEach(CamelContext::stop);
        pool.close();
    }

    @Test
    void aConnectorThatSwallowsItsErrorsLeavesDoubt() throws Exception {
        // given: one catches them, the other has an error handler of its own
        CamelContext hub = hub("swallowing, dead-letter", exchange -> {});
        MockEndpoint swallowed = hub.getEndpoint("mock:swallowed", MockEndpoint.class);
        // when
        ledger.issued("a");
        hub.start();
        await("select count(*) = 2 from delivery where state = 'in-doubt'");
        // then
        assertThat(swallowed.getReceivedCounter()).isEqualTo(1);
        assertThat(ledger.rows("select connector, last_error, attempt, due_at from delivery order by 1"))
                .containsExactly(
                        "dead-letter IOException: the connection broke after sending 1 infinity",
                        "swallowing the connector ended without the header CamelCaravanErpReference 1 infinity");
    }

    @Test
    void aConnectorThatCanNotEvenBeMadeHasSentNothing() throws Exception {
        // given: it is told nothing of what it needs, and may never be repeated
        CamelContext hub = hub("needy", exchange -> {});
        // when
        ledger.issued("a");
        hub.start();
        await("select count(*) = 1 from delivery where attempt = 1 and state <> 'delivering'");
        // then
        assertThat(ledger.rows("select state, doubt, last_error from delivery"))
                .singleElement()
                .asString()
                .startsWith("retrying f ")
                .contains("url");
    }

    @Test
    void whatAConnectorFoundInItsHeadersBeforeIsNoAnswer() throws Exception {
        // given
        List<Object> seen = new ArrayList<>();
        CamelContext hub = hub("once", exchange -> {
            seen.add(exchange.getIn().getHeader("CamelCaravanErpReference"));
            seen.add(exchange.getIn().getHeader("CamelCaravanErpTotal"));
            // what can't be read as a text must not take the outcome with it
            exchange.getIn().setHeader("CamelCaravanErpReference", new Unreadable());
        });
        // when
        ledger.issued("a");
        hub.start();
        await("select count(*) = 1 from delivery where state = 'in-doubt'");
        // then
        assertThat(seen).containsExactly(null, null);
        assertThat(ledger.rows("select last_error from delivery"))
                .singleElement()
                .asString()
                .startsWith("its answer can't be read");
    }

    @Test
    void nobodyOutsideCanSetAReference() throws Exception {
        // given: the filter of what Camel serves over HTTP, and of the base of what it calls
        try (CamelContext context = new DefaultCamelContext()) {
            PlatformHttpEndpoint served =
                    (PlatformHttpEndpoint) context.getComponent("platform-http", PlatformHttpComponent.class)
                            .createEndpoint("platform-http:/x");
            List<HeaderFilterStrategy> filters = List.of(
                    served.getHeaderFilterStrategy(), new org.apache.camel.http.base.HttpHeaderFilterStrategy());
            for (HeaderFilterStrategy filter : filters) {
                for (String name :
                        List.of("CamelCaravanErpReference", "camelcaravanerpreference", "CAMELCARAVANERPTOTAL")) {
                    // when
                    boolean in = filter.applyFilterToExternalHeaders(name, "SO1", null);
                    boolean out = filter.applyFilterToCamelHeaders(name, "SO1", null);
                    // then: true means kept out
                    assertThat(in).as("%s in through %s", name, filter).isTrue();
                    assertThat(out).as("%s out through %s", name, filter).isTrue();
                }
                assertThat(filter.applyFilterToExternalHeaders("X-Request-Id", "1", null))
                        .isFalse();
            }
        }
    }

    @Test
    void anErrorHandlerForAllRoutesDoesNotSendTwice() throws Exception {
        // given: somebody's handler that redelivers, which Kamelets take, and a connector that must not be repeated
        AtomicInteger calls = new AtomicInteger();
        CamelContext hub = hub("once", exchange -> {
            calls.incrementAndGet();
            throw new ConnectException("the connection broke after sending");
        });
        hub.getCamelContextExtension()
                .setErrorHandlerFactory(new DefaultErrorHandlerDefinition()
                        .maximumRedeliveries(3)
                        .redeliveryDelay(1));
        // when
        ledger.issued("a");
        hub.start();
        await("select count(*) = 1 from delivery where state = 'in-doubt'");
        // then
        assertThat(calls).hasValue(1);
    }

    @Test
    void anErpThatIsDownCostsFewCallsAndFewAttempts() throws Exception {
        // given
        AtomicInteger calls = new AtomicInteger();
        CamelContext hub = hub("scripted", exchange -> {
            calls.incrementAndGet();
            throw new ConnectException("the ERP is down");
        });
        Lanes lanes = new Lanes(ledger.dataSource, SETTINGS, ledger.clock);
        // when
        ledger.issued(tenants(20));
        hub.start();
        await("select coalesce(max(failures), 0) = 2 from delivery_lane");
        // then: the lane rests, so that no round calls again
        assertThat(lanes.due(null)).isEmpty();
        assertThat(calls).hasValue(2);
        // when: it rests longer with every further failure
        for (int failures = 3; failures <= 6; failures++) {
            ledger.clock.move(SETTINGS.pauseAfter(failures - 1, false, new java.util.Random(1)));
            await("select max(failures) = " + failures + " from delivery_lane");
            assertThat(calls).hasValue(failures);
        }
        // then: most documents have not been tried at all
        assertThat(ledger.rows("select sum(attempt), max(attempt) <= 3 from delivery"))
                .containsExactly("6 t");
        // when: a person knows that it is back
        hub.stop();
        long id = Long.parseLong(ledger.rows("select max(id) from delivery").get(0));
        new DeliveryOrders(ledger.dataSource, SETTINGS, ledger.clock, name -> null, "jo").retry(id, null);
        // then
        assertThat(lanes.due(null)).hasSize(1);
    }

    @Test
    void badDocumentsDoNotStarveTheGoodOnesBehindThem() throws Exception {
        // given: the first six fail whenever they are tried, as their own fault but not as a permanent one
        CamelContext hub = hub("scripted", exchange -> {
            String account = exchange.getIn().getHeader(InvoiceConstants.ACCOUNT, String.class);
            if (account.compareTo("t106") < 0) {
                throw new IllegalStateException("500 Internal Server Error");
            }
            exchange.getIn().setHeader(InvoiceConstants.ERP_REFERENCE, "SO-" + account);
        });
        ledger.issued(tenants(30));
        hub.start();
        // when: minutes pass
        String good = "select count(*) = 24 from delivery where state = 'committed'";
        await("select max(failures) >= 2 from delivery_lane");
        int minutes = 0;
        while (!"t".equals(ledger.rows(good).get(0)) && minutes < 30) {
            ledger.clock.move(Duration.ofMinutes(1));
            minutes++;
            await("select count(*) = 0 from delivery where state = 'delivering'");
            settle(hub);
        }
        // then
        assertThat(minutes).isLessThan(15);
        assertThat(ledger.rows("select count(*) from delivery where state = 'retrying'"))
                .containsExactly("6");
    }

    @Test
    void aHubThatWasFrozenInItsAttemptChangesNothingWhenItWakes() throws Exception {
        // given: hub 1 is frozen within the call
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        CamelContext frozen = hub("scripted", exchange -> {
            called.countDown();
            wake.await(2, TimeUnit.MINUTES);
            exchange.getIn().setHeader(InvoiceConstants.ERP_REFERENCE, "late");
        });
        ledger.issued("a", "b");
        frozen.start();
        assertThat(called.await(2, TimeUnit.MINUTES)).isTrue();
        // when: its lease lapses and hub 2 goes on, then hub 1 wakes
        Leases.lapseAll(ledger.dataSource);
        CamelContext other = hub("scripted", exchange -> exchange.getIn()
                .setHeader(
                        InvoiceConstants.ERP_REFERENCE,
                        "SO-" + exchange.getIn().getHeader(InvoiceConstants.ACCOUNT, String.class)));
        other.start();
        await("select count(*) = 2 from delivery where state = 'committed'");
        wake.countDown();
        await("select count(*) = 1 from delivery_attempt where detail like '%too late: reference late'");
        // then
        assertThat(ledger.rows("select reference, attempt from delivery order by reference"))
                .containsExactly("SO-a 2", "SO-b 1");
        assertThat(ledger.rows("select failures from delivery_lane")).isEmpty();
    }

    @Test
    void aHubThatStopsEndsWhatItBeganAndGivesBackTheRest() throws Exception {
        // given: a call that runs
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        CamelContext hub = hub("once", exchange -> {
            called.countDown();
            answer.await(2, TimeUnit.MINUTES);
            exchange.getIn().setHeader(InvoiceConstants.ERP_REFERENCE, "SO1");
        });
        ledger.issued("a", "b", "c");
        hub.start();
        assertThat(called.await(2, TimeUnit.MINUTES)).isTrue();
        // when
        Thread stopping = new Thread(hub::stop);
        stopping.start();
        while (!hub.isStopping() && !hub.isStopped()) {
            Thread.sleep(5);
        }
        answer.countDown();
        stopping.join();
        // then
        assertThat(ledger.rows("select state, attempt, owner is null, lease_until is null from delivery order by id"))
                .containsExactly("committed 1 t t", "pending 0 t t", "pending 0 t t");
    }

    @Test
    void aLaneHasOneCommitterAndEachDocumentOneCallHoweverManyHubsRun() throws Exception {
        // given: three hubs, hundreds of documents
        Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Processor erp = exchange -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            String account = exchange.getIn().getHeader(InvoiceConstants.ACCOUNT, String.class);
            calls.computeIfAbsent(account, a -> new AtomicInteger()).incrementAndGet();
            Thread.yield();
            exchange.getIn().setHeader(InvoiceConstants.ERP_REFERENCE, "SO-" + account);
            inside.decrementAndGet();
        };
        ledger.issued(tenants(600));
        // when
        for (int i = 0; i < 3; i++) {
            hub("once", erp).start();
        }
        await("select count(*) = 600 from delivery where state = 'committed'");
        // then
        assertThat(most).hasValue(1);
        assertThat(calls).hasSize(600).allSatisfy((account, times) -> assertThat(times)
                .hasValue(1));
        assertThat(ledger.rows("select count(*), count(distinct reference), max(attempt) from delivery"))
                .containsExactly("600 600 1");
        // when: another connector gets them all, in more than one chunk
        Backfill backfill = new Backfill(ledger.dataSource, ledger.clock, "jo");
        ConnectorInfo other = new ConnectorInfo("later", ConnectorInfo.Repeat.SAFE, false, "{currency}");
        Backfill.Filter all = new Backfill.Filter(TestLedger.MONTH, null, java.util.Set.of());
        hubs.forEach(CamelContext::stop);
        Backfill.Result tried = backfill.run(other, all, true, 2, null);
        Backfill.Result done = backfill.run(other, all, false, 2, "new ERP");
        Backfill.Result again = backfill.run(other, all, false, 2, "new ERP");
        // then
        assertThat(tried.documents()).isEqualTo(600);
        assertThat(tried.first()).containsExactly("INV-2026-000001", "INV-2026-000002");
        assertThat(done.documents()).isEqualTo(600);
        assertThat(again.documents()).isZero();
        assertThat(ledger.rows("select count(*), min(lane) from delivery where connector = 'later'"))
                .containsExactly("600 EUR");
        assertThat(ledger.rows("select count(*), min(action), min(reason) from delivery_note"))
                .containsExactly("600 backfill new ERP");
    }

    /** Nothing can make a text of it. */
    private static final class Unreadable {
        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }

    private static String[] tenants(int count) {
        String[] tenants = new String[count];
        for (int i = 0; i < count; i++) {
            tenants[i] = "t" + (100 + i);
        }
        return tenants;
    }

    /** A hub that is not started yet; its route asks more often than the shipped one would be waited for. */
    private CamelContext hub(String connectors, Processor erp) throws Exception {
        CamelContext hub = new DefaultCamelContext();
        hubs.add(hub);
        Map<Class<?>, Object> beans = new HashMap<>();
        beans.put(DataSource.class, pool);
        beans.put(Clock.class, ledger.clock);
        beans.put(
                AccountProfiles.class,
                AccountProfiles.parse("defaults: {connectors: [" + connectors + "]}", "accounts.yaml"));
        beans.put(DeliverySettings.class, SETTINGS);
        beans.forEach((type, bean) -> hub.getRegistry().bind(type.getSimpleName(), type, bean));
        hub.getRegistry().bind("erp", Processor.class, erp);
        hub.getComponent("caravan-invoice", InvoiceComponent.class).setConnectorLocations("classpath:test-connectors");
        hub.getComponent("kamelet", KameletComponent.class).setLocation("classpath:test-connectors");
        for (String file : List.of("fan-out", "deliver")) {
            PluginHelper.getRoutesLoader(hub)
                    .loadRoutes(PluginHelper.getResourceLoader(hub)
                            .resolveResource("file:"
                                    + Path.of("routes", file + ".camel.yaml").toAbsolutePath()));
        }
        return hub;
    }

    /** Waits until the hub has looked once more and found nothing to do. */
    private void settle(CamelContext hub) throws Exception {
        Lanes lanes = new Lanes(ledger.dataSource, SETTINGS, ledger.clock);
        for (int i = 0; i < MAX_WAITS && !lanes.due(null).isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertThat(hub.isStarted()).isTrue();
    }

    private void await(String sql) throws Exception {
        for (int i = 0; i < MAX_WAITS; i++) {
            if ("t".equals(ledger.rows(sql).get(0))) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError(sql + " is not so: " + ledger.rows("select state, attempt, last_error from delivery"));
    }

    private static HikariDataSource pool(DataSource real) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(real);
        config.setMaximumPoolSize(8);
        return new HikariDataSource(config);
    }
}
