package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.erp.openerp.rpc.Deadline;
import org.caravan.invoice.erp.openerp.rpc.Odoo;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;

/**
 * What the accounting that invoices go to is like, as read at one time.
 *
 * @param lineType what {@code display_type} says of an ordinary line
 * @param taxPerLine true if Odoo rounds tax line by line, false if once on the sum
 * @param currencies by ISO 4217 code
 * @param priceDigits digits after the point that a price keeps
 * @param quantityDigits digits after the point that a quantity keeps
 */
record Books(
        long company,
        String companyName,
        long journal,
        String lineType,
        boolean taxPerLine,
        Map<String, Currency> currencies,
        List<Tax> taxes,
        int priceDigits,
        int quantityDigits) {
    /** First release whose invoices are made here: before it they are another model, or another field's. */
    private static final int FIRST = 14;

    /** First release whose ordinary lines must say that they are. */
    private static final int LINES_SAY_PRODUCT = 16;

    private static final int DEFAULT_DIGITS = 2;

    Books {
        currencies = Map.copyOf(currencies);
        taxes = List.copyOf(taxes);
    }

    /** @param digits after the point */
    record Currency(long id, boolean active, int digits) {}

    /**
     * A sales tax.
     *
     * @param plain true if it is a percentage of the amount, on top of it
     */
    record Tax(long id, String name, BigDecimal percent, boolean plain) {}

    /**
     * Reads them.
     *
     * @throws UserError if the settings do not name one journal of one company
     */
    static Books read(Odoo odoo, OpenErpSettings settings, Deadline deadline) throws OdooFault {
        if (odoo.version().major() < FIRST) {
            throw new UserError("openerp: " + settings.server().url() + " is Odoo "
                    + odoo.version().text() + "; invoices are committed to Odoo " + FIRST + " and later");
        }
        OdooCalls any = new OdooCalls(odoo, 0, deadline);
        OdooRecord company = Companies.one(any, settings, List.of("name", "tax_calculation_rounding_method"));
        OdooCalls calls = new OdooCalls(odoo, company.id(), deadline);
        Map<String, Integer> digits = new HashMap<>();
        if (settings.priced()) {
            for (OdooRecord precision : calls.search("decimal.precision", List.of(), List.of("name", "digits"))) {
                digits.put(precision.text("name"), precision.decimal("digits").intValue());
            }
        }
        return new Books(
                company.id(),
                company.text("name"),
                journal(calls, company, settings),
                odoo.version().major() >= LINES_SAY_PRODUCT ? "product" : "",
                company.text("tax_calculation_rounding_method").equals("round_per_line"),
                currencies(calls),
                taxes(calls, company.id()),
                digits.getOrDefault("Product Price", DEFAULT_DIGITS),
                digits.getOrDefault("Product Unit", digits.getOrDefault("Product Unit of Measure", DEFAULT_DIGITS)));
    }

    private static long journal(OdooCalls calls, OdooRecord company, OpenErpSettings settings) throws OdooFault {
        List<OdooRecord> all = calls.search(
                "account.journal",
                List.of(List.of("type", "=", "sale"), List.of("company_id", "=", company.id())),
                List.of("code", "name"));
        List<OdooRecord> meant = new ArrayList<>();
        for (OdooRecord journal : all) {
            if (settings.journal() == null
                    || settings.journal().equals(journal.text("code"))
                    || settings.journal().equals(Long.toString(journal.id()))) {
                meant.add(journal);
            }
        }
        if (meant.size() == 1) {
            return meant.get(0).id();
        }
        throw new UserError("openerp: "
                + (all.isEmpty()
                        ? "company " + company.text("name") + " has no sales journal; give it a chart of accounts"
                        : (settings.journal() == null
                                        ? "which journal do invoices go to?"
                                        : "journal '" + settings.journal() + "' is not one for sales.")
                                + " Set journal to one of " + Companies.names(all, "code"))
                + " in " + settings.server().url());
    }

    private static Map<String, Currency> currencies(OdooCalls calls) throws OdooFault {
        Map<String, Currency> currencies = new HashMap<>();
        for (OdooRecord currency :
                calls.search("res.currency", List.of(), List.of("name", "active", "decimal_places"), "id", 0, false)) {
            currencies.put(
                    currency.text("name"),
                    new Currency(
                            currency.id(),
                            currency.flag("active"),
                            currency.decimal("decimal_places").intValue()));
        }
        return currencies;
    }

    private static List<Tax> taxes(OdooCalls calls, long company) throws OdooFault {
        List<Tax> taxes = new ArrayList<>();
        for (OdooRecord tax : calls.search(
                "account.tax",
                List.of(List.of("type_tax_use", "=", "sale"), List.of("company_id", "=", company)),
                List.of("name", "amount", "amount_type", "price_include", "include_base_amount"))) {
            taxes.add(new Tax(
                    tax.id(),
                    tax.text("name"),
                    tax.decimal("amount"),
                    tax.text("amount_type").equals("percent")
                            && !tax.flag("price_include")
                            && !tax.flag("include_base_amount")));
        }
        return taxes;
    }

    /** @throws UserError if Odoo does not take invoices in it */
    Currency currency(String code) {
        Currency currency = currencies.get(code);
        if (currency == null || !currency.active()) {
            throw new UserError("openerp: currency " + code + " is " + (currency == null ? "not known" : "not active")
                    + " in Odoo; activate it there (Accounting, Configuration, Currencies), then retry the delivery");
        }
        return currency;
    }

    /**
     * The tax that stands for a document's.
     *
     * @param target what the settings say of it: a name or an id; null if nothing
     * @throws UserError if it is not exactly one
     */
    Tax tax(Document.Tax tax, String target) {
        List<Tax> equal = taxes.stream()
                .filter(t -> t.plain() && t.percent().compareTo(tax.rate()) == 0)
                .toList();
        List<Tax> meant = target == null ? equal.size() < 2 ? equal : named(equal, tax.name()) : named(equal, target);
        if (meant.size() == 1) {
            return meant.get(0);
        }
        String what = tax.name() + " of " + Decimals.plain(tax.rate()) + " %";
        throw new UserError("openerp: tax " + what + ": "
                + (target != null
                        ? "'" + target + "' is not one sales tax of company " + companyName
                                + " with this percentage, added to the price"
                        : equal.isEmpty()
                                ? "company " + companyName + " has no sales tax with this percentage"
                                : "company " + companyName + " has several with this percentage")
                + "; set taxes to " + tax.name() + "=<name or id of the tax in Odoo>"
                + (equal.isEmpty()
                        ? ""
                        : " (" + String.join(", ", equal.stream().map(Tax::name).toList()) + ")")
                + " or " + tax.name() + "=line");
    }

    private static List<Tax> named(List<Tax> taxes, String name) {
        return taxes.stream()
                .filter(tax ->
                        tax.name().equals(name) || Long.toString(tax.id()).equals(name))
                .toList();
    }
}
