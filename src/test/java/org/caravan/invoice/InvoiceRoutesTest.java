package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The component within the routes that the hub ships, with Kamelets as connectors. */
class InvoiceRoutesTest {
    /** How long a test waits for a route that does nothing, before it fails. */
    private static final int MAX_WAITS = 3_000;

    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(1), 0, 3, 2000);

    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void everyIssuedDocumentReachesTheConnectorsOfItsProfile() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        bind(
                ledger,
                "accounts: {b: {connectors: [filing, flaky]}, c: {connectors: []}}\n"
                        + "defaults: {connectors: [filing]}");
        MockEndpoint filed = context.getEndpoint("mock:filed", MockEndpoint.class);
        startHubRoutes();

        // when
        List<IssuedDocument> issued = ledger.issued("a", "b", "c");
        await(ledger, p -> p.fanOutOpen() == 0 && p.pending() + p.delivering() == 0);

        // then
        assertThat(ledger.rows("select d.account, v.connector, v.state, v.reference, v.erp_total, v.last_error"
                        + " from delivery v join document d on d.id = v.document order by 1, 2"))
                .containsExactly(
                        "a filing committed ref-test:a:2026-10:1 4.80 null",
                        "b filing committed ref-test:b:2026-10:1 4.80 null",
                        "b flaky retrying null null ConnectException: the ERP is down");
        assertThat(ledger.rows("select o.state, d.account from outbox o join document d on d.id = o.document"
                        + " order by d.account"))
                .containsExactly("done a", "done b", "parked c");
        String body = new Documents(ledger.dataSource).body(issued.get(0).id());
        assertThat(filed.getExchanges())
                .filteredOn(e -> "a".equals(e.getIn().getHeader(InvoiceConstants.ACCOUNT)))
                .singleElement()
                .satisfies(e -> {
                    assertThat(e.getIn().getBody()).isEqualTo(body);
                    assertThat(e.getIn().getHeader(InvoiceConstants.INVOICE_NUMBER))
                            .isEqualTo("INV-2026-000001");
                    assertThat(e.getIn().getHeader(InvoiceConstants.MONTH)).isEqualTo("2026-10");
                    assertThat(e.getIn().getHeader(InvoiceConstants.CURRENCY)).isEqualTo("EUR");
                });

        // when: the wait is over
        ledger.clock.move(Duration.ofSeconds(10));
        await(ledger, p -> p.open() == 0);

        // then
        assertThat(ledger.rows("select reference, attempt from delivery where connector = 'flaky'"))
                .containsExactly("second-try 2");
    }

    @Test
    void aConnectorsEndSaysWhatBecomesOfTheDelivery() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        bind(ledger, "defaults: {connectors: [mute, strict, absent, filing]}");
        startHubRoutes();

        // when
        ledger.issued("a");
        await(ledger, p -> p.documents() == 1 && p.open() == 0);

        // then
        assertThat(ledger.rows("select connector, state, last_error from delivery order by 1"))
                .satisfiesExactly(
                        absent -> assertThat(absent)
                                .startsWith("absent parked connector 'absent': no absent-sink.kamelet.yaml in"),
                        filing -> assertThat(filing).isEqualTo("filing committed null"),
                        mute -> assertThat(mute)
                                .isEqualTo("mute in-doubt the connector ended without the header"
                                        + " CamelCaravanErpReference"),
                        strict -> assertThat(strict)
                                .isEqualTo("strict parked product m1.small is unknown to the ERP; map it"));
        assertThat(ledger.rows("select attempt from delivery where connector in ('mute', 'strict')"))
                .containsOnly("1");
    }

    @Test
    void aProformaDocumentIsParkedUnlessItsConnectorTakesIt() throws Exception {
        // given
        TestLedger ledger = TestLedger.proforma();
        bind(ledger, "defaults: {connectors: [filing, flaky]}");
        startHubRoutes();

        // when
        ledger.issued("a");
        await(ledger, p -> p.documents() == 1 && p.open() == 0);

        // then
        assertThat(ledger.rows("select connector, state, attempt from delivery order by 1"))
                .containsExactly("filing committed 1", "flaky parked 0");
    }

    @Test
    void aConnectorNamedByNobodysKameletIsRefusedInTheFanOut() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        bind(ledger, "defaults: {connectors: [filing]}");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("caravan-invoice:outbox?kind=fan-out")
                        .errorHandler(noErrorHandler())
                        .toD("caravan-invoice:deliver?connector=../../${header.CamelCaravanAccount}");
            }
        });
        context.start();

        // when
        ledger.issued("a");
        await(ledger, p -> p.documents() == 1 && p.open() == 0);

        // then
        assertThat(ledger.rows("select state, last_error from outbox"))
                .singleElement()
                .asString()
                .startsWith("parked connector '../../a': not a connector's name");
    }

    @Test
    void aPlainContextWithNothingButADataSourceClosesAndDelivers() throws Exception {
        // given: a route of the user's own as connector, declared by a bean
        TestLedger ledger = TestLedger.invoicing();
        ledger.use("a", "b");
        context.getRegistry().bind("ledger", DataSource.class, ledger.dataSource);
        context.getRegistry().bind("own", new ConnectorInfo("own", ConnectorInfo.Repeat.SAFE, false));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("caravan-invoice:outbox").to("caravan-invoice:deliver?connector=own");
                from("caravan-invoice:outbox?kind=deliver&connector=own")
                        .errorHandler(noErrorHandler())
                        .setHeader("CamelCaravanErpReference", simple("own/${header.CamelCaravanInvoiceNumber}"));
            }
        });
        context.start();

        // when
        CloseResult result = context.createFluentProducerTemplate()
                .to("caravan-invoice:close")
                .withBody("2026-10")
                .request(CloseResult.class);
        await(ledger, p -> p.documents() == 2 && p.open() == 0);

        // then
        assertThat(result.issued()).hasSize(2);
        assertThat(ledger.rows("select reference from delivery order by 1"))
                .containsExactly("own/INV-2026-000001", "own/INV-2026-000002");
        assertThat(DeliveryProgress.of(ledger.dataSource, TestLedger.MONTH).complete())
                .isTrue();
    }

    @Test
    void aReferenceIsKeptThoughTheSessionDiesThatWasToKeepIt() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        Trap trap = Trap.anywhere(ledger.dataSource, "too late", Trap.killing(ledger.dataSource));
        bind(ledger, trap, "defaults: {connectors: [filing]}");
        startHubRoutes();

        // when
        ledger.issued("a");
        await(ledger, p -> p.documents() == 1 && p.open() == 0);

        // then
        assertThat(ledger.rows("select state, reference, attempt from delivery"))
                .containsExactly("committed ref-test:a:2026-10:1 1");
    }

    @Test
    void aMonthThatIsNoneIsRefused() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        bind(ledger, "defaults: {connectors: [filing]}");
        context.start();

        // when / then
        assertThatThrownBy(() -> context.createProducerTemplate()
                        .requestBodyAndHeader("caravan-invoice:close", null, InvoiceConstants.MONTH, "2026-13"))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseInstanceOf(DateTimeException.class)
                .cause()
                .isInstanceOf(UserError.class)
                .hasMessageContaining("2026-13");
    }

    @Test
    void theShippedRoutesNeverRetryByThemselves() throws Exception {
        // given
        TestLedger ledger = TestLedger.invoicing();
        bind(ledger, "defaults: {connectors: [filing]}");

        // when
        startHubRoutes();

        // then
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        assertThat(List.of("fan-out", "deliver"))
                .allSatisfy(id -> assertThat(model.getRouteDefinition(id).getErrorHandlerFactory())
                        .isInstanceOf(NoErrorHandlerDefinition.class));
    }

    private void bind(TestLedger ledger, String accounts) {
        bind(ledger, ledger.dataSource, accounts);
    }

    private void bind(TestLedger ledger, DataSource dataSource, String accounts) {
        context.getRegistry().bind("ledger", DataSource.class, dataSource);
        context.getRegistry().bind("clock", Clock.class, ledger.clock);
        context.getRegistry().bind("accounts", AccountProfiles.parse(accounts, "accounts.yaml"));
        context.getRegistry().bind("delivery", SETTINGS);
        context.getComponent("caravan-invoice", InvoiceComponent.class)
                .setConnectorLocations("classpath:test-connectors");
        context.getComponent("kamelet", KameletComponent.class).setLocation("classpath:test-connectors");
    }

    private void startHubRoutes() throws Exception {
        for (String file : List.of("fan-out", "deliver")) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context)
                            .resolveResource("file:"
                                    + Path.of("routes", file + ".camel.yaml").toAbsolutePath()));
        }
        context.start();
    }

    private static void await(TestLedger ledger, Predicate<DeliveryProgress> done) throws Exception {
        for (int i = 0; i < MAX_WAITS; i++) {
            if (done.test(DeliveryProgress.of(ledger.dataSource, TestLedger.MONTH))) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("still " + DeliveryProgress.of(ledger.dataSource, TestLedger.MONTH) + " "
                + DeliveryProgress.troubles(ledger.dataSource, TestLedger.MONTH, 10));
    }
}
