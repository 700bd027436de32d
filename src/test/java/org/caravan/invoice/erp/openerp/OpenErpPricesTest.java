package org.caravan.invoice.erp.openerp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.rating.cost.PriceBook;
import org.caravan.rating.cost.UnitCost;
import org.caravan.testing.odoo.FakeOdoo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Prices that accountants keep in Odoo. */
class OpenErpPricesTest {
    private static final YearMonth MONTH = YearMonth.of(2026, 10);

    private final FakeOdoo odoo = new FakeOdoo(14);

    @AfterEach
    void close() {
        odoo.close();
    }

    private OpenErpPrices prices(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "url", odoo.url(),
                "database", FakeOdoo.DATABASE,
                "user", FakeOdoo.USER,
                "password", FakeOdoo.PASSWORD,
                "tries", "1"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return new OpenErpPrices(OpenErpSettings.of(settings), PriceSettings.of(settings));
    }

    private long product(String name, double price, Object reference) {
        return odoo.add(
                "product.product",
                "name",
                name,
                "lst_price",
                price,
                "default_code",
                reference,
                "sale_ok",
                true,
                "active",
                true,
                "product_tmpl_id",
                List.of(100L, name),
                "categ_id",
                List.of(7L, "All"));
    }

    private void item(long list, Object... fields) {
        Object[] all = new Object[fields.length + 18];
        Object[] otherwise = {
            "pricelist_id",
            List.of(list, "x"),
            "applied_on",
            "3_global",
            "min_quantity",
            0.0,
            "compute_price",
            "fixed",
            "fixed_price",
            0.0,
            "percent_price",
            0.0,
            "date_start",
            false,
            "date_end",
            false,
            "product_id",
            false
        };
        System.arraycopy(otherwise, 0, all, 0, 18);
        System.arraycopy(fields, 0, all, 18, fields.length);
        odoo.add("product.pricelist.item", all);
    }

    private static UnitCost cost(String price, String unit) {
        return new UnitCost(new BigDecimal(price), unit);
    }

    @Test
    void aPriceIsTheSalesPriceOfTheProductOfItsRegion() {
        // given: a binary float of 14's, and one whose reference names no unit
        odoo.set("res.company", 1, "currency_id", List.of(2L, "NZD"));
        product("wlg.m1.small", 0.00034899999999999997, "hour");
        product("wlg.b1.standard", 0.5, "ART-77");
        product("support", 10, false);
        product("NZ-POR-1.m1.small", 0.05, false);
        // when
        PriceBook book = prices("regions", "nz_por_1=NZ-POR-1").read(MONTH);
        // then
        assertThat(book.currency()).isEqualTo("NZD");
        assertThat(book.cost("wlg", "m1.small")).contains(cost("0.000349", "hour"));
        assertThat(book.cost("wlg", "b1.standard")).contains(cost("0.5", ""));
        assertThat(book.cost("", "support")).contains(cost("10", ""));
        assertThat(book.cost("nz_por_1", "m1.small")).contains(cost("0.05", ""));
        assertThat(book.cost("wlg", "m1.large")).isEmpty();
        assertThat(prices().remedy("wlg", "m1.large"))
                .startsWith("add a product 'wlg.m1.large' that can be sold in Odoo");
        assertThat(odoo.calls("product.product", "search_read")).isEqualTo(1);
    }

    @Test
    void aPriceListSaysOtherwiseWhereItHoldsInTheMonth() {
        // given
        long small = product("wlg.small", 1, false);
        product("wlg.large", 2, false);
        long list = odoo.add("product.pricelist", "name", "Cloud", "currency_id", List.of(3L, "EUR"));
        item(list, "compute_price", "percentage", "percent_price", 10.0);
        item(list, "applied_on", "0_product_variant", "product_id", List.of(small, "x"), "fixed_price", 0.7);
        item(
                list,
                "applied_on",
                "0_product_variant",
                "product_id",
                List.of(small, "x"),
                "fixed_price",
                0.6,
                "min_quantity",
                100.0);
        item(
                list,
                "applied_on",
                "0_product_variant",
                "product_id",
                List.of(small, "x"),
                "fixed_price",
                0.5,
                "date_end",
                "2026-10-30 00:00:00");
        item(
                list,
                "applied_on",
                "0_product_variant",
                "product_id",
                List.of(small, "x"),
                "fixed_price",
                0.8,
                "date_start",
                "2026-11-01");
        // when
        PriceBook book = prices("priceList", "Cloud").read(MONTH);
        PriceBook later = prices("priceList", Long.toString(list)).read(MONTH.plusMonths(1));
        // then
        assertThat(book.currency()).isEqualTo("EUR");
        assertThat(book.cost("wlg", "small")).contains(cost("0.7", ""));
        assertThat(book.cost("wlg", "large")).contains(cost("1.8", ""));
        assertThat(later.cost("wlg", "small")).contains(cost("0.8", ""));
        assertThatThrownBy(() -> prices("priceList", "Retail").read(MONTH))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("set it to one of Cloud");
    }

    @Test
    void whatOnlyOdooCanComputeAndWhatIsThereTwiceIsNoPrice() {
        // given
        product("wlg.twice", 1, false);
        product("wlg.twice", 2, false);
        product("wlg.formula", 2, false);
        long list = odoo.add("product.pricelist", "name", "Cloud", "currency_id", List.of(3L, "EUR"));
        item(list, "compute_price", "formula");
        // when
        PriceBook own = prices().read(MONTH);
        PriceBook listed = prices("priceList", "Cloud").read(MONTH);
        // then
        assertThatThrownBy(() -> own.cost("wlg", "twice"))
                .hasMessageContaining("there are 2 products 'wlg.twice'")
                .hasMessageContaining("archive all but one");
        assertThatThrownBy(() -> listed.cost("wlg", "formula"))
                .hasMessageContaining("by a formula, which only Odoo can");
    }

    @Test
    void aServerThatCanNotBeAskedSaysSo() throws IOException {
        // given: nobody listens there, nor takes the port meanwhile
        OpenErpPrices prices = prices();
        odoo.close();
        try (Socket taken = new Socket()) {
            taken.setReuseAddress(true);
            taken.bind(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), URI.create(odoo.url()).getPort()));
            // when / then
            assertThatThrownBy(() -> prices.read(MONTH))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("prices in Odoo at " + odoo.url() + " can't be read");
        }
    }
}
