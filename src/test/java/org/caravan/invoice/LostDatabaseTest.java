package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.caravan.invoice.document.AccountProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A database that goes away in the middle of the work and comes back: nobody waits for the leases that were left. */
class LostDatabaseTest {
    private static final int REFUSED = 3;
    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofHours(1), 0, 9, 2000);

    private final TestLedger ledger = TestLedger.invoicing();
    private final CamelContext context = new DefaultCamelContext();

    /** Connections that are refused still. */
    private final AtomicInteger refused = new AtomicInteger();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void deliveriesGoOnThoughTheWordWasLostThatGivesThemBack() throws Exception {
        // given
        start(goesAwayAt("insert into delivery_attempt"));
        // when
        ledger.issued("a", "b", "c");
        // then
        awaitCommitted(3);
        assertThat(ledger.rows("select distinct attempt, doubt, owner, lease_until from delivery"))
                .containsExactly("1 f null null");
    }

    @Test
    void fanOutGoesOnThoughTheWordWasLostThatGivesItsClaimsBack() throws Exception {
        // given
        start(goesAwayAt("insert into delivery (document"));
        // when
        ledger.issued("a", "b", "c");
        // then
        awaitCommitted(3);
    }

    @Test
    void aMonthIsClosedAtTheNextCloseThoughItsClaimCouldNotBeGivenBack() throws Exception {
        // given
        ledger.use("a", "b");
        CloseSettings settings = new CloseSettings(100, 20_000, Duration.ofSeconds(60), Duration.ofHours(1), 1);
        Closer closer = ledger.closer(goesAwayAt("insert into number_series"), AccountProfiles.none(), settings);
        assertThatThrownBy(() -> closer.close(TestLedger.MONTH)).isInstanceOf(SQLException.class);
        assertThat(ledger.rows("select state from month")).containsExactly("closing", "closing");
        // when
        refused.set(0);
        CloseResult result = closer.close(TestLedger.MONTH);
        // then
        assertThat(result.issued()).extracting(IssuedDocument::account).containsExactly("a", "b");
        assertThat(ledger.rows("select distinct state from month")).containsExactly("closed");
    }

    /** A database whose session dies before a statement, and which then refuses some connections. */
    private DataSource goesAwayAt(String step) {
        DataSource real = ledger.dataSource;
        DataSource refusing = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && refused.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new SQLException("the database system is starting up", "57P03");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return Trap.anywhere(refusing, step, connection -> {
            refused.set(REFUSED);
            Trap.killing(real).run(connection);
        });
    }

    private void start(DataSource database) throws Exception {
        context.getRegistry().bind("ledger", DataSource.class, database);
        context.getRegistry().bind("clock", Clock.class, ledger.clock);
        context.getRegistry()
                .bind("accounts", AccountProfiles.parse("defaults: {connectors: [filing]}", "accounts.yaml"));
        context.getRegistry().bind("delivery", SETTINGS);
        context.getComponent("caravan-invoice", InvoiceComponent.class)
                .setConnectorLocations("classpath:test-connectors");
        context.getComponent("kamelet", KameletComponent.class).setLocation("classpath:test-connectors");
        for (String route : new String[] {"fan-out", "deliver"}) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context)
                            .resolveResource("file:"
                                    + Path.of("routes", route + ".camel.yaml").toAbsolutePath()));
        }
        context.start();
    }

    private void awaitCommitted(int documents) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            if (ledger.rows("select count(*) from delivery where state = 'committed'")
                    .contains(Integer.toString(documents))) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("still "
                + ledger.rows("select o.state, v.state, v.lease_until from outbox o"
                        + " left join delivery v using (document)"));
    }
}
