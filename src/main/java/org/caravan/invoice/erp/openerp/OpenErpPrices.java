package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravan.common.UserError;
import org.caravan.invoice.erp.openerp.rpc.Connections;
import org.caravan.invoice.erp.openerp.rpc.Deadline;
import org.caravan.invoice.erp.openerp.rpc.Odoo;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;
import org.caravan.rating.cost.CostUnits;
import org.caravan.rating.cost.PriceBook;
import org.caravan.rating.cost.PriceSource;
import org.caravan.rating.cost.UnitCost;

/**
 * Prices that accountants keep in Odoo: the sales price of the product {@code REGION.SERVICE}, or what a price list makes of
 * it. The product's internal reference names the unit where it is a unit's name.
 */
final class OpenErpPrices implements PriceSource {
    /** Products and price list items asked for at a time. */
    private static final int PAGE = 1_000;

    private static final int MAX_PAGES = 1_000;

    private final OpenErpSettings settings;
    private final PriceSettings prices;

    OpenErpPrices(OpenErpSettings settings, PriceSettings prices) {
        this.settings = settings;
        this.prices = prices;
    }

    @Override
    public String name() {
        return "Odoo at " + settings.server().url();
    }

    @Override
    public String remedy(String datacenter, String product) {
        return "add a product '" + prices.product(datacenter, product) + "' that can be sold in " + name();
    }

    @Override
    public PriceBook read(YearMonth month) {
        try {
            return read(Connections.open(settings.server(), Deadline.in(settings.deadline())), month);
        } catch (OdooFault e) {
            throw new UserError("prices in " + name() + " can't be read: " + e.getMessage(), e);
        }
    }

    private PriceBook read(Odoo odoo, YearMonth month) throws OdooFault {
        OdooCalls calls = new OdooCalls(odoo, 0, Deadline.in(settings.deadline()));
        OdooRecord company = Companies.one(calls, settings, List.of("name", "currency_id"));
        OdooCalls ours = new OdooCalls(odoo, company.id(), Deadline.in(settings.deadline()));
        // the oldest releases have the name only at the template
        String name = odoo.version().major() < 8 ? "name_template" : "name";
        String currency = company.linkName("currency_id");
        ListPrices list = ListPrices.NONE;
        if (prices.priceList() != null) {
            OdooRecord chosen = priceList(ours);
            currency = chosen.linkName("currency_id");
            list = ListPrices.read(
                    pages(
                            ours,
                            "product.pricelist.item",
                            List.of(List.of("pricelist_id", "=", chosen.id())),
                            ListPrices.FIELDS),
                    month);
        }
        Map<String, List<Product>> products = new HashMap<>();
        for (OdooRecord record : pages(
                ours,
                "product.product",
                List.of(List.of("sale_ok", "=", true)),
                List.of(name, "lst_price", "default_code", "product_tmpl_id", "categ_id"))) {
            Product product = new Product(record, list.of(record), unit(record.text("default_code")));
            products.computeIfAbsent(record.text(name), n -> new ArrayList<>()).add(product);
        }
        return new Book(Map.copyOf(products), currency);
    }

    private OdooRecord priceList(OdooCalls calls) throws OdooFault {
        List<OdooRecord> lists = calls.search("product.pricelist", List.of(), List.of("name", "currency_id"));
        List<OdooRecord> meant = lists.stream()
                .filter(list -> list.text("name").equals(prices.priceList())
                        || String.valueOf(list.fields().get("id")).equals(prices.priceList()))
                .toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        throw new UserError("openerp: priceList '" + prices.priceList() + "' is not one price list of " + name()
                + "; set it to one of "
                + String.join(
                        ", ",
                        lists.stream().limit(20).map(list -> list.text("name")).toList()));
    }

    /** All records of a search, in pages by id. */
    private static List<OdooRecord> pages(OdooCalls calls, String model, List<?> domain, List<String> fields)
            throws OdooFault {
        List<OdooRecord> all = new ArrayList<>();
        long last = 0;
        for (int page = 0; page < MAX_PAGES; page++) {
            List<Object> after = new ArrayList<>(domain);
            after.add(List.of("id", ">", last));
            List<OdooRecord> found = calls.search(model, after, fields, "id", PAGE, true);
            all.addAll(found);
            if (found.size() < PAGE) {
                return all;
            }
            last = found.get(found.size() - 1).id();
        }
        throw new UserError("openerp: more than " + PAGE * MAX_PAGES + " records of " + model);
    }

    private static String unit(String reference) {
        return CostUnits.isKnown(reference) ? reference : "";
    }

    /** @param listed what the price list makes of it; null where it says nothing of it */
    private record Product(OdooRecord record, ListPrices.Item listed, String unit) {}

    private final class Book implements PriceBook {
        private final Map<String, List<Product>> products;
        private final String currency;

        Book(Map<String, List<Product>> products, String currency) {
            this.products = products;
            this.currency = currency;
        }

        @Override
        public String currency() {
            return currency;
        }

        @Override
        public Optional<UnitCost> cost(String datacenter, String product) {
            String name = prices.product(datacenter, product);
            List<Product> found = products.getOrDefault(name, List.of());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            if (found.size() > 1) {
                throw new UserError("there are " + found.size() + " products '" + name + "' in " + name()
                        + "; archive all but one, or take 'can be sold' from the others");
            }
            Product one = found.get(0);
            try {
                BigDecimal price = one.record().decimal("lst_price");
                BigDecimal listed = one.listed() == null ? price : one.listed().price(price);
                // a binary float there: it means the decimal that it is shown as
                return Optional.of(new UnitCost(listed.setScale(prices.digits(), RoundingMode.HALF_UP), one.unit()));
            } catch (OdooFault e) {
                throw new UserError("product '" + name + "' in " + name() + " has no price that can be read", e);
            }
        }
    }
}
