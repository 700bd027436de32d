package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.caravan.testing.odoo.FakeOdoo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Usage at the prices that an ERP keeps, as a user says it: caravan.cost.connector. */
class CostCommandTest {
    private static final String USAGE =
            """
            {"tenant":"acme","datacenter":"wlg","resource":"vm-1","meter":"instance","quantity":744,"unit":"hour",\
            "begin":"2026-10-01T00:00:00Z","end":"2026-10-02T00:00:00Z","metadata":{"flavor":"m1.small"}}
            {"tenant":"zen","datacenter":"wlg","resource":"vm-2","meter":"instance","quantity":2,"unit":"hour",\
            "begin":"2026-10-01T00:00:00Z","end":"2026-10-02T00:00:00Z","metadata":{"flavor":"m1.large"}}
            """;

    @TempDir
    Path current;

    private final FakeOdoo odoo = new FakeOdoo(14);
    private final DatabaseAccess access = Database.freshAccess();
    private Console console;

    @BeforeEach
    void prepare() throws Exception {
        Files.writeString(current.resolve("usage.jsonl"), USAGE);
        Files.writeString(
                current.resolve("meters.yaml"),
                "meters:\n  instance: {product: \"{flavor}\", unit: hour, pricing: cost}\n");
        Files.writeString(current.resolve("tariff.yaml"), "currency: NZD\nservices: {}\n");
        // as the page of connectors says that secrets are best kept
        Files.writeString(current.resolve("odoo-password"), FakeOdoo.PASSWORD + "\n");
        Files.writeString(current.resolve("rates.txt"), "wlg | m1.small | hour | 0.048\n");
        odoo.set("res.company", 1, "currency_id", List.of(2L, "NZD"));
        console = new Console(
                current,
                Map.of(
                        "CARAVAN_LEDGER_URL", access.url(),
                        "CARAVAN_LEDGER_USER", access.user(),
                        "CARAVAN_LEDGER_PASSWORD", access.password(),
                        "CARAVAN_METERS", "meters.yaml",
                        "CARAVAN_COST_RECHECK", "0s"));
    }

    @AfterEach
    void close() {
        odoo.close();
    }

    private void product(String name, double price) {
        odoo.add(
                "product.product",
                "name",
                name,
                "lst_price",
                price,
                "default_code",
                "hour",
                "sale_ok",
                true,
                "active",
                true,
                "product_tmpl_id",
                List.of(100L, name),
                "categ_id",
                List.of(7L, "All"));
    }

    private Console.Answer run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        for (String setting : List.of(
                "caravan.cost.connector=openerp",
                "camel.kamelet.openerp-sink.url=" + odoo.url(),
                "camel.kamelet.openerp-sink.database=" + FakeOdoo.DATABASE,
                "camel.kamelet.openerp-sink.user=" + FakeOdoo.USER,
                "camel.kamelet.openerp-sink.password={{file:" + current.resolve("odoo-password") + "}}")) {
            all.add("--set");
            all.add(setting);
        }
        return console.run(all);
    }

    private static String[] bill(String... more) {
        List<String> all = new ArrayList<>(
                List.of("bill", "2026-10", "--usage", "usage.jsonl", "--tariff", "tariff.yaml", "--out", "out"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private JsonNode json(String... args) throws Exception {
        return Json.mapper().readTree(run(args).out());
    }

    @Test
    void aMonthIsBilledAtThePricesOfTheConnectorsErpAndHeldWhereItHasNone() throws Exception {
        // given
        product("wlg.m1.small", 0.048);
        // when
        Console.Answer bill = run(bill("--json"));
        Console.Answer months = run("months");
        product("wlg.m1.large", 1.5);
        odoo.setWhere("product.product", "wlg.m1.small", "lst_price", 9.0);
        Console.Answer close = run("close", "2026-10", "--force");
        // then
        assertThat(bill.err()).isEmpty();
        assertThat(months.out())
                .contains("wlg.m1.large")
                .contains("add a product 'wlg.m1.large' that can be sold in Odoo at " + odoo.url());
        assertThat(close.err()).isEmpty();
        assertThat(json("invoices", "2026-10", "--json").get("documents").findValuesAsText("total"))
                .containsExactly("35.71", "3.00");
    }

    @Test
    void pricesInTwoPlacesAndAConnectorWithoutPricesAreRefusedByName() {
        // when
        Console.Answer both = run(bill("--set", "caravan.cost.rates=rates.txt"));
        Console.Answer none = console.run(bill("--set", "caravan.cost.connector=csv-directory"));
        Console.Answer typo = console.run(bill("--set", "caravan.cost.connector=openrp"));
        // then
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err())
                .contains("caravan.cost.connector")
                .contains("caravan.cost.rates both say where prices are");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("connector csv-directory keeps no prices");
        assertThat(typo.exitCode()).isEqualTo(2);
        assertThat(typo.err()).contains("openrp-sink.kamelet.yaml: no such file");
    }
}
