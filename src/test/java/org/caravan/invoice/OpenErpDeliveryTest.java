package org.caravan.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.testing.odoo.FakeOdoo;
import org.caravan.testing.odoo.FakeOdoo.Fate;
import org.junit.jupiter.api.Test;

/** From issued documents to posted invoices: outbox, the shipped routes and Kamelet, batches, and an Odoo that stumbles. */
class OpenErpDeliveryTest {
    private static final int DOCUMENTS = 40;
    private static final int MAX_WAITS = 6_000;

    private static final DeliverySettings SETTINGS =
            new DeliverySettings(50, Duration.ofMinutes(5), Duration.ofMillis(10), Duration.ofMillis(50), 0, 99, 2000);

    @Test
    void everyDocumentIsOnePostedInvoiceWhateverBecomesOfCallsAndAnswers() throws Exception {
        // given: one call in eight meets something
        TestLedger ledger = TestLedger.invoicing();
        Random chance = new Random(20261101);
        Fate[] mishaps = {Fate.NOT_REACHED, Fate.LOST_ANSWER, Fate.HALF_ANSWER, Fate.BAD_GATEWAY, Fate.CONFLICT};
        try (FakeOdoo odoo = new FakeOdoo(14);
                HikariDataSource pool = pool(ledger.dataSource);
                CamelContext hub = hub(ledger, pool, odoo)) {
            odoo.fates((model, method, n) -> {
                synchronized (chance) {
                    return chance.nextInt(8) == 0 ? mishaps[chance.nextInt(mishaps.length)] : Fate.WELL;
                }
            });
            ledger.issued(
                    IntStream.range(0, DOCUMENTS).mapToObj(i -> "t" + (100 + i)).toArray(String[]::new));
            // when
            hub.start();
            for (int i = 0; i < MAX_WAITS && !isDone(ledger); i++) {
                Thread.sleep(20);
                ledger.clock.move(Duration.ofMillis(200));
            }
            // then
            assertThat(ledger.rows("select state, last_error from delivery where state <> 'committed'"))
                    .isEmpty();
            List<Map<String, Object>> moves = odoo.all("account.move");
            assertThat(moves).hasSize(DOCUMENTS).allSatisfy(move -> assertThat(move)
                    .containsEntry("state", "posted")
                    .containsEntry("amount_total", 4.8));
            assertThat(moves).extracting(move -> move.get("ref")).doesNotHaveDuplicates();
            assertThat(odoo.all("res.partner")).hasSize(DOCUMENTS + 1);
            assertThat(ledger.rows("select count(distinct reference), min(erp_total), max(erp_total) from delivery"))
                    .containsExactly(DOCUMENTS + " 4.80 4.80");
            assertThat(odoo.calls("account.move", "load")).isLessThan(DOCUMENTS * 3);
        }
    }

    private static boolean isDone(TestLedger ledger) throws Exception {
        return ledger.rows("select count(*) from delivery where state = 'committed'")
                .equals(List.of(Integer.toString(DOCUMENTS)));
    }

    private static CamelContext hub(TestLedger ledger, DataSource pool, FakeOdoo odoo) throws Exception {
        CamelContext hub = new DefaultCamelContext();
        String key = "camel.kamelet.openerp-sink.";
        Map.of("url", odoo.url(), "database", FakeOdoo.DATABASE, "user", FakeOdoo.USER, "password", FakeOdoo.PASSWORD)
                .forEach((name, value) -> hub.getPropertiesComponent().addInitialProperty(key + name, value));
        hub.getPropertiesComponent().addInitialProperty(key + "tries", "2");
        hub.getRegistry().bind("dataSource", DataSource.class, pool);
        hub.getRegistry().bind("clock", Clock.class, ledger.clock);
        hub.getRegistry().bind("settings", DeliverySettings.class, SETTINGS);
        hub.getRegistry()
                .bind(
                        "profiles",
                        AccountProfiles.class,
                        AccountProfiles.parse("defaults: {connectors: [openerp]}", "accounts.yaml"));
        hub.getComponent("caravan-invoice", InvoiceComponent.class).setConnectorLocations("file:connectors");
        hub.getComponent("kamelet", KameletComponent.class).setLocation("file:connectors");
        for (String file : List.of("fan-out", "deliver")) {
            PluginHelper.getRoutesLoader(hub)
                    .loadRoutes(PluginHelper.getResourceLoader(hub)
                            .resolveResource("file:"
                                    + Path.of("routes", file + ".camel.yaml").toAbsolutePath()));
        }
        return hub;
    }

    private static HikariDataSource pool(DataSource real) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(real);
        config.setMaximumPoolSize(12);
        return new HikariDataSource(config);
    }
}
