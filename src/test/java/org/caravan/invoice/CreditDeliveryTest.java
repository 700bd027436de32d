package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.Test;

/** Credit notes go where their invoice went, and never before it. */
class CreditDeliveryTest {
    /** How long a test waits for a route that does nothing, before it fails. */
    private static final int MAX_WAITS = 3_000;

    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(1), 0, 3, 2000);
    private static final ConnectorInfo ERP = new ConnectorInfo("erp", Repeat.SAFE, false);
    private static final Lanes.Lane LANE = new Lanes.Lane("erp", "");

    private final TestLedger ledger = TestLedger.invoicing();
    private final Outbox outbox = new Outbox(ledger.dataSource, SETTINGS, ledger.clock);
    private final Lanes lanes = new Lanes(ledger.dataSource, SETTINGS, ledger.clock);
    private final Deliveries deliveries = new Deliveries(ledger.dataSource, SETTINGS, ledger.clock);

    @Test
    void aCreditNoteFollowsItsInvoiceThroughTheShippedRoutes() throws Exception {
        // given: an invoice that reached one connector at once and fails at another
        CamelContext context = new DefaultCamelContext();
        try (context) {
            start(context, "defaults: {connectors: [filing, flaky]}");
            MockEndpoint filed = context.getEndpoint("mock:filed", MockEndpoint.class);
            IssuedDocument invoice = ledger.issued("a").get(0);
            await(p -> p.committed() == 1 && p.retrying() == 1);

            // when: the route would choose another connector by now
            context.getRegistry().bind("accounts", AccountProfiles.parse("defaults: {connectors: [mute]}", "x"));
            credit(invoice);
            await(p -> p.committed() == 2);

            // then
            assertThat(states())
                    .containsExactly(
                            "CN-2026-000001 filing committed",
                            "CN-2026-000001 flaky pending",
                            "INV-2026-000001 filing committed",
                            "INV-2026-000001 flaky retrying");
            assertThat(filed.getExchanges().get(1).getIn().getBody(String.class))
                    .contains("\"kind\":\"credit-note\"", "\"correctsNumber\":\"INV-2026-000001\"");
            assertThat(DeliveryProgress.troubles(ledger.dataSource, TestLedger.MONTH, 10))
                    .extracting(DeliveryProgress.Trouble::reason)
                    .contains("waits until INV-2026-000001 is committed there, which is retrying");

            // when: the invoice's next attempt succeeds
            ledger.clock.move(Duration.ofSeconds(10));
            await(p -> p.open() == 0 || p.retrying() == 1 && p.pending() == 0);
            ledger.clock.move(Duration.ofSeconds(10));
            await(p -> p.open() == 0);

            // then
            assertThat(states()).allMatch(state -> state.endsWith("committed"));
            assertThat(ledger.rows("select d.number from delivery v join document d on d.id = v.document"
                            + " where v.connector = 'flaky' order by v.committed_at"))
                    .containsExactly("INV-2026-000001", "CN-2026-000001");
        }
    }

    @Test
    void aCreditNoteIsFannedOutAfterItsInvoice() throws Exception {
        // given
        IssuedDocument invoice = ledger.issued("a").get(0);
        credit(invoice);

        // when
        List<Outbox.Claim> first = outbox.claim("hub-1");
        List<Outbox.Claim> meanwhile = outbox.claim("hub-2");
        outbox.done(List.of(new Outbox.Choice(first.get(0), Set.of("erp"))));
        List<Outbox.Claim> after = outbox.claim("hub-2");

        // then
        assertThat(first).extracting(c -> c.document().number()).containsExactly("INV-2026-000001");
        assertThat(meanwhile).isEmpty();
        assertThat(after).extracting(c -> c.document().number()).containsExactly("CN-2026-000001");
        assertThat(CreditFanOut.connectors(
                        ledger.dataSource, after.get(0).document().id()))
                .containsExactly("erp");
    }

    @Test
    void aCreditNoteWhoseInvoiceGoesNowhereIsParkedWithThatReason() throws Exception {
        // given
        CamelContext context = new DefaultCamelContext();
        try (context) {
            start(context, "defaults: {connectors: []}");
            IssuedDocument invoice = ledger.issued("a").get(0);
            await(p -> p.fanOutParked() == 1);

            // when
            credit(invoice);
            await(p -> p.fanOutParked() == 2);

            // then
            assertThat(ledger.rows("select last_error from outbox order by document"))
                    .last()
                    .asString()
                    .startsWith("no connector got the invoice");
        }
    }

    @Test
    void aCreditNoteIsHeldUntilItsInvoiceIsCommittedThere() throws Exception {
        // given: both wait
        IssuedDocument invoice = ledger.issued("a").get(0);
        fanOut("erp");
        credit(invoice);
        fanOut("erp");

        // when
        List<Lanes.Claim> first = lanes.claim(LANE, ERP, "hub-1");
        assertThat(first).hasSize(1);
        Attempt attempt = deliveries.start(first.get(0)).orElseThrow();
        assertThat(attempt.document()).isEqualTo(invoice);

        // then: not while the attempt runs, nor while nobody knows its end
        assertHeld("delivering");
        deliveries.failed(
                attempt,
                new ConnectorInfo("erp", Repeat.NEVER, false),
                Deliveries.Failure.UNKNOWN,
                "timeout",
                new Random(1));
        assertHeld("in-doubt");
        ledger.execute("update delivery set state = 'parked' where state = 'in-doubt'");
        assertHeld("parked");

        // when: the ERP turned out to have it
        ledger.execute("update delivery set state = 'committed', reference = 'SO1' where state = 'parked'");

        // then
        assertThat(lanes.due(null)).containsExactly(LANE);
        assertThat(deliveries
                        .start(lanes.claim(LANE, ERP, "hub-1").get(0))
                        .orElseThrow()
                        .document()
                        .kind())
                .isEqualTo("credit-note");
    }

    @Test
    void aCreditNoteIsHeldAtAConnectorThatNeverGotItsInvoice() throws Exception {
        // given
        IssuedDocument invoice = ledger.issued("a").get(0);
        fanOut("csv-directory");
        IssuedDocument note = credit(invoice);

        // when
        outbox.add(note.key(), List.of("erp"));

        // then
        assertThat(lanes.due("erp")).isEmpty();
        assertThat(ledger.rows("select reason from delivery_held"))
                .containsExactly("waits until INV-2026-000001 is committed there, which was never sent there");
    }

    private void assertHeld(String state) throws Exception {
        assertThat(lanes.due(null)).isEmpty();
        assertThat(lanes.claim(LANE, ERP, "hub-1")).isEmpty();
        assertThat(ledger.rows("select reason from delivery_held"))
                .containsExactly("waits until INV-2026-000001 is committed there, which is " + state);
    }

    private IssuedDocument credit(IssuedDocument invoice) throws Exception {
        Credits credits = new Credits(ledger.dataSource, CloseSettings.defaults(), ledger.clock);
        return credits.credit(new CreditOrder(invoice.number(), null, "billed twice"))
                .note();
    }

    private void fanOut(String connector) throws Exception {
        for (Outbox.Claim claim : outbox.claim("hub")) {
            outbox.done(List.of(new Outbox.Choice(claim, Set.of(connector))));
        }
    }

    private List<String> states() throws Exception {
        return ledger.rows("select d.number, v.connector, v.state from delivery v join document d on d.id = v.document"
                + " order by 1, 2");
    }

    private void start(CamelContext context, String accounts) throws Exception {
        context.getRegistry().bind("ledger", DataSource.class, ledger.dataSource);
        context.getRegistry().bind("clock", Clock.class, ledger.clock);
        context.getRegistry().bind("accounts", AccountProfiles.parse(accounts, "accounts.yaml"));
        context.getRegistry().bind("delivery", SETTINGS);
        context.getComponent("caravan-invoice", InvoiceComponent.class)
                .setConnectorLocations("classpath:test-connectors");
        context.getComponent("kamelet", KameletComponent.class).setLocation("classpath:test-connectors");
        for (String file : List.of("fan-out", "deliver")) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context)
                            .resolveResource("file:"
                                    + Path.of("routes", file + ".camel.yaml").toAbsolutePath()));
        }
        context.start();
    }

    private void await(Predicate<DeliveryProgress> done) throws Exception {
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
