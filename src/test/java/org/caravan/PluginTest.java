package org.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravan.invoice.ConnectorInfo;
import org.caravan.ledger.LedgerComponent;
import org.caravan.metering.CaravanHeaders;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin without the hub: a plain Camel context that binds a DataSource, and routes in anybody's own code. */
class PluginTest {
    private static final String USAGE =
            """
            id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor
            1,acme,nz-1,vm-1,instance,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,m1.small
            2,acme,nz-1,vm-1,instance,1,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,m1.small
            3,zen,nz-1,vm-2,instance,10,hour,2026-10-01T00:00:00Z,2026-10-01T10:00:00Z,m1.small
            2,acme,nz-1,vm-1,instance,1,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,m1.small
            """;

    private static final String TARIFF =
            """
            currency: EUR
            services: {instance: {fields: {flavor: {mappings: [{value: m1.small, cost: "0.25"}]}}}}
            """;

    private static final String COMMITTED = "select count(*) from delivery where state = 'committed'";

    @Test
    void theThreeComponentsBillAMonthInAnyContextThatBindsADataSource(@TempDir Path folder) throws Exception {
        // given: an empty database, not even the schema
        DataSource database = Database.empty();
        Path tariff = Files.writeString(folder.resolve("tariff.yaml"), TARIFF);
        try (CamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("database", DataSource.class, database);
            context.getComponent("caravan-ledger", LedgerComponent.class).setCurrency("EUR");
            // the connector of this test is a step of the route below, not a Kamelet: its declaration is bound instead
            context.getRegistry().bind("mine", new ConnectorInfo("mine", ConnectorInfo.Repeat.SAFE, false));
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:usage")
                            .streamCache(false)
                            .errorHandler(noErrorHandler())
                            .unmarshal()
                            .custom("caravan-csv")
                            .split(body())
                            .streaming()
                            .stopOnException()
                            .to("caravan-rating:default?tariff=" + tariff)
                            .to("caravan-ledger:aggregate");
                    from("direct:close").errorHandler(noErrorHandler()).to("caravan-invoice:close");
                    from("caravan-invoice:outbox?kind=fan-out&delay=50")
                            .errorHandler(noErrorHandler())
                            .to("caravan-invoice:deliver?connector=mine");
                    from("caravan-invoice:outbox?kind=deliver&delay=50")
                            .errorHandler(noErrorHandler())
                            .setHeader(CaravanHeaders.ERP_REFERENCE, simple("ERP/${header.CamelCaravanAccount}"));
                }
            });
            context.start();
            // when
            context.createProducerTemplate().requestBody("direct:usage", USAGE);
            context.createProducerTemplate().requestBody("direct:close", "2026-10");
            for (int i = 0; i < 600 && !"2".equals(value(database, COMMITTED)); i++) {
                Thread.sleep(50);
            }
        }
        // then
        assertThat(value(database, "select string_agg(account || ' ' || total, ', ' order by account) from document"))
                .isEqualTo("acme 0.50, zen 2.50");
        assertThat(value(
                        database,
                        "select string_agg(state || ' ' || reference, ', ' order by reference) from delivery"))
                .isEqualTo("committed ERP/acme, committed ERP/zen");
    }

    private static String value(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
