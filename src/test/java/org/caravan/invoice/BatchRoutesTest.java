package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.caravan.common.Json;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents that go to their ERP together: each has an answer, an attempt and a doubt of its own. */
class BatchRoutesTest {
    private static final int MAX_WAITS = 6_000;

    private final TestLedger ledger = TestLedger.invoicing();
    private final HikariDataSource pool = pool(ledger.dataSource);
    private final List<CamelContext> hubs = new ArrayList<>();
    private final List<List<String>> calls = Collections.synchronizedList(new ArrayList<>());
    private DeliverySettings settings =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(1), 0, 9, 2000);

    @AfterEach
    void stop() {
        hubs.forEach(CamelContext::stop);
        pool.close();
    }

    /** The accounts of a call by key; one that is no array is noted as such. */
    private Map<String, String> accounts(Exchange exchange) throws Exception {
        JsonNode body = Json.mapper().readTree(exchange.getIn().getBody(String.class));
        Map<String, String> accounts = new LinkedHashMap<>();
        (body.isArray() ? body : List.of(body))
                .forEach(one -> accounts.put(
                        one.get("key").textValue(), one.get("account").textValue()));
        calls.add(
                body.isArray()
                        ? List.copyOf(accounts.values())
                        : List.of("alone", accounts.values().iterator().next()));
        return accounts;
    }

    private interface Answers {
        Map<String, String> of(String account);
    }

    /** An ERP that answers for each account. */
    private Processor erp(Answers answers) {
        return exchange -> {
            Map<String, Object> byKey = new LinkedHashMap<>();
            accounts(exchange).forEach((key, account) -> {
                Map<String, String> answer = answers.of(account);
                if (answer != null) {
                    byKey.put(key, answer);
                }
            });
            if (exchange.getIn().getHeader(InvoiceConstants.BATCH_SIZE) != null) {
                exchange.getIn().setHeader(InvoiceConstants.ERP_ANSWERS, byKey);
            } else if (!byKey.isEmpty()) {
                Map<?, ?> only = (Map<?, ?>) byKey.values().iterator().next();
                exchange.getIn().setHeader(InvoiceConstants.ERP_REFERENCE, only.get("reference"));
            }
        };
    }

    @Test
    void documentsGoTogetherAndEachHasItsReference() throws Exception {
        // given
        CamelContext hub = hub("batching", erp(account -> BatchAnswer.committed("SO-" + account, "4.8")));
        ledger.issued("a", "b", "c", "d", "e", "f", "g");
        // when
        hub.start();
        await("select count(*) = 7 from delivery where state = 'committed'");
        // then
        assertThat(calls).containsExactly(List.of("a", "b", "c", "d", "e"), List.of("f", "g"));
        assertThat(ledger.rows("select reference, erp_total, attempt, last_error from delivery order by id"))
                .startsWith("SO-a 4.8 1 null", "SO-b 4.8 1 null");
        assertThat(ledger.rows("select count(*), count(distinct delivery), min(outcome) from delivery_attempt"))
                .containsExactly("7 7 committed");
    }

    @Test
    void eachDocumentEndsAsItsOwnAnswerSays() throws Exception {
        // given: of a connector that must not be repeated
        CamelContext hub = hub("batching-once", erp(account -> switch (account) {
            case "a" -> BatchAnswer.committed("SO-a", "4.81");
            case "b" -> BatchAnswer.refused("no such customer");
            case "c" -> BatchAnswer.unsent("its turn did not come");
            case "d" -> BatchAnswer.failed("the connection broke");
            default -> null;
        }));
        ledger.issued("a", "b", "c", "d", "e");
        // when
        hub.start();
        await("select count(*) = 5 from delivery where state not in ('pending', 'delivering')");
        // then
        assertThat(ledger.rows("select state, doubt, last_error from delivery order by id"))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("committed f ALARM").contains("4.81"),
                        row -> assertThat(row).isEqualTo("parked f no such customer"),
                        row -> assertThat(row).isEqualTo("retrying f its turn did not come"),
                        row -> assertThat(row).isEqualTo("in-doubt t the connection broke"),
                        row -> assertThat(row).startsWith("in-doubt t the connector ended without an answer for it"));
    }

    @Test
    void whatFailedTogetherIsTriedAloneWhicheverWasAtFault() throws Exception {
        // given: the ERP refuses all of a batch that holds "bad", and bad itself for ever
        Processor good = erp(account -> BatchAnswer.committed("SO-" + account, null));
        CamelContext hub = hub("batching", exchange -> {
            String body = exchange.getIn().getBody(String.class);
            if (body.contains("\"account\":\"bad\"")) {
                accounts(exchange);
                throw new UserError("line 3 is bad");
            }
            good.process(exchange);
        });
        ledger.issued("a", "bad", "c");
        hub.start();
        await("select count(*) = 3 from delivery where state = 'retrying'");
        assertThat(ledger.rows("select distinct last_error from delivery"))
                .containsExactly("of a batch that was refused as a whole: line 3 is bad");
        // when
        ledger.clock.move(Duration.ofMinutes(1));
        await("select count(*) = 2 from delivery where state = 'committed'");
        await("select count(*) = 1 from delivery where state = 'parked' and last_error = 'line 3 is bad'");
        // then
        assertThat(calls)
                .containsExactly(
                        List.of("a", "bad", "c"),
                        List.of("alone", "a"),
                        List.of("alone", "bad"),
                        List.of("alone", "c"));
    }

    @Test
    void aBatchHasOneLeaseAndItsDoubtIsEachDocumentsOwn() throws Exception {
        // given: the hub is frozen within its call
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        CamelContext frozen = hub("batching", exchange -> {
            accounts(exchange);
            called.countDown();
            wake.await(2, TimeUnit.MINUTES);
        });
        ledger.issued("a", "b", "c");
        frozen.start();
        assertThat(called.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(ledger.rows("select count(distinct lease_until), count(distinct owner), min(state) from delivery"))
                .containsExactly("1 1 delivering");
        // when: its leases lapse and another hub goes on
        Leases.lapseAll(ledger.dataSource);
        CamelContext other = hub("batching", erp(account -> BatchAnswer.committed("SO-" + account, null)));
        other.start();
        await("select count(*) = 3 from delivery where state = 'committed'");
        wake.countDown();
        // then: what was in doubt went alone
        assertThat(calls).contains(List.of("alone", "a"), List.of("alone", "b"), List.of("alone", "c"));
        assertThat(ledger.rows("select reference, attempt from delivery order by id"))
                .containsExactly("SO-a 2", "SO-b 2", "SO-c 2");
        assertThat(ledger.rows("select count(*) from delivery_attempt where attempt = 1 and outcome = 'in-doubt'"))
                .containsExactly("3");
    }

    @Test
    void aBatchIsBoundedInBytes() throws Exception {
        // given: a limit that two documents do not fit into
        int bytes = Integer.parseInt(size());
        settings = new DeliverySettings(
                50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(1), 0, 9, 2000, 4, bytes * 3 / 2);
        CamelContext hub = hub("batching", erp(account -> BatchAnswer.committed("SO-" + account, null)));
        // when
        hub.start();
        await("select count(*) = 3 from delivery where state = 'committed'");
        // then
        assertThat(calls).hasSize(3);
        assertThat(ledger.rows("select max(attempt) from delivery")).containsExactly("1");
    }

    private String size() throws Exception {
        ledger.issued("a", "b", "c");
        return ledger.rows("select max(octet_length(body)) from document").get(0);
    }

    @Test
    void anErpThatIsDownCostsABatchFewCallsAndItsDocumentsOneAttemptEach() throws Exception {
        // given
        CamelContext hub = hub("batching", exchange -> {
            accounts(exchange);
            throw new java.net.ConnectException("the ERP is down");
        });
        String[] tenants = new String[20];
        for (int i = 0; i < tenants.length; i++) {
            tenants[i] = "t" + (100 + i);
        }
        ledger.issued(tenants);
        // when
        hub.start();
        await("select coalesce(max(failures), 0) = 2 from delivery_lane");
        // then
        assertThat(calls).hasSize(2);
        assertThat(ledger.rows("select sum(attempt), max(attempt) from delivery"))
                .containsExactly("10 1");
    }

    @Test
    void answersAreReadAsMapOrAsJsonAndNothingElse() {
        // given / when / then
        assertThat(BatchAnswer.header("{\"k\": {\"reference\": \"1\"}}")).hasToString("{k={reference=1}}");
        assertThat(BatchAnswer.header(null)).isEmpty();
        assertThatThrownBy(() -> BatchAnswer.header("[]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BatchAnswer.header(7)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BatchAnswer.of(Map.of("reference", " ")).failure()).isEqualTo(Deliveries.Failure.NO_REFERENCE);
        assertThat(BatchAnswer.of("x").failure()).isEqualTo(Deliveries.Failure.NO_REFERENCE);
    }

    /** A hub that is not started yet. */
    private CamelContext hub(String connectors, Processor erp) throws Exception {
        CamelContext hub = new DefaultCamelContext();
        hubs.add(hub);
        hub.getRegistry().bind("dataSource", DataSource.class, pool);
        hub.getRegistry().bind("clock", Clock.class, ledger.clock);
        hub.getRegistry()
                .bind(
                        "profiles",
                        AccountProfiles.class,
                        AccountProfiles.parse("defaults: {connectors: [" + connectors + "]}", "accounts.yaml"));
        hub.getRegistry().bind("settings", DeliverySettings.class, settings);
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
        config.setMaximumPoolSize(12);
        return new HikariDataSource(config);
    }
}
