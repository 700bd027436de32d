package org.caravan.hub.sql;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import javax.sql.DataSource;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.Sources;
import org.caravan.ledger.SqlWatermarks;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/** The shipped route {@code metering-sql} in a context of its own, as a hub that was just started; looks when it is told. */
final class SqlHub implements AutoCloseable {
    static final String COLUMNS =
            "tenant=project, resource=vm, meter, unit='hour', quantity=amount, begin=started, end=ended, price=cost";

    private final DefaultCamelContext context = new DefaultCamelContext();

    /** @param ledger of this hub, which may be about to die */
    SqlHub(DataSource table, DataSource ledger, Clock clock, SqlSettings settings) throws Exception {
        SqlSource source =
                new SqlSource(settings, table, new SqlWatermarks(ledger, clock), new Sources(ledger, clock), clock);
        context.getRegistry().bind("clock", clock);
        context.getRegistry().bind("sql", source);
        context.getRegistry().bind("sqlRows", new SqlRows(settings));
        context.getRegistry().bind("sqlDatabase", table);
        context.getRegistry().bind("ledger", new Ledger(ledger, LedgerSettings.defaults(), clock));
        context.getRegistry().bind("rater", new ModuleChain(new TariffHolder(Tariff.compile(RuleSet.EMPTY))));
        context.getRegistry().bind("meters", MeterCatalog.empty().withGivenPrices());
        context.getRegistry().bind("metering", MeteringSettings.defaults());
        String route = "caravan.route.sql";
        context.getPropertiesComponent().addInitialProperty(route, "true");
        context.getPropertiesComponent().addInitialProperty(route + ".poll", "60000");
        context.getPropertiesComponent()
                .addInitialProperty(route + ".first", settings.query().first());
        context.getPropertiesComponent()
                .addInitialProperty(route + ".next", settings.query().next());
        context.getPropertiesComponent().addInitialProperty(route + ".rows", Integer.toString(settings.pageRows() + 1));
        context.getPropertiesComponent().addInitialProperty(route + ".timeout", "20");
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:"
                                + Path.of("routes/metering-sql.camel.yaml").toAbsolutePath()));
        AdviceWith.adviceWith(context, "metering-sql", advice -> advice.replaceFromWith("direct:look"));
        context.start();
    }

    static SqlSettings settings(String table, int pageRows) {
        return settings(table, pageRows, "UTC");
    }

    static SqlSettings settings(String table, int pageRows, String zone) {
        return new SqlSettings(
                "billing",
                new SqlQuery(table, SqlQuery.columns(COLUMNS), "written", "id"),
                pageRows,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Instant.parse("2000-01-01T00:00:00Z"),
                ZoneId.of(zone),
                Duration.ofMinutes(5),
                Duration.ofDays(1));
    }

    /** One look at the table, to its end. */
    void look() {
        try (var template = context.createProducerTemplate()) {
            template.request("direct:look", exchange -> {});
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        context.stop();
    }
}
