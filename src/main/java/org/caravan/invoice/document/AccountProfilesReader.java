package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.ConfigNode;
import org.caravan.invoice.document.AccountProfile.Lines;
import org.caravan.invoice.document.AccountProfile.TaxRate;
import org.caravan.metering.UsageKey;

/** Reads {@code config/accounts.yaml}: defaults, and accounts that override them key by key. */
final class AccountProfilesReader {
    private static final String DEFAULT_PREFIX = "@" + UsageKey.DEFAULT_REALM + "/";

    /** What an item is billed at least, where the {@code reseller} policy names nothing else. */
    static final BigDecimal DEFAULT_MINIMUM_CHARGE = new BigDecimal("0.01");

    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private AccountProfilesReader() {}

    static AccountProfiles read(ConfigNode top) {
        Settings base = new Settings();
        Map<String, String> places = new LinkedHashMap<>();
        ConfigNode defaults = top.get("defaults");
        if (defaults != null) {
            base = read(defaults, base);
            defaults.noOtherKeys();
            places.put("", defaults.where());
        }
        Map<String, AccountProfile> named = new LinkedHashMap<>();
        ConfigNode accounts = top.get("accounts");
        top.noOtherKeys();
        if (accounts != null) {
            for (Map.Entry<String, ConfigNode> entry : accounts.entries().entrySet()) {
                ConfigNode node = entry.getValue();
                if (entry.getKey().isEmpty()) {
                    throw node.error("an account needs a name");
                }
                Settings own = read(node, base);
                List<String> tenants = tenants(node);
                Document.Customer customer = customer(node.get("customer"));
                node.noOtherKeys();
                named.put(entry.getKey(), own.profile(entry.getKey(), tenants, customer));
                places.put(entry.getKey(), node.where());
            }
        }
        return new AccountProfiles(base.profile("", List.of(), null), named, places);
    }

    private static Settings read(ConfigNode node, Settings base) {
        Settings s = new Settings(base);
        s.bill = node.flag("bill", s.bill);
        ConfigNode currency = node.get("currency");
        if (currency != null) {
            s.currency = currency(currency);
            // a rate belongs to its currency: that of the defaults says nothing about another one
            s.rate = null;
        }
        ConfigNode rate = node.get("rate");
        if (rate != null) {
            s.rate = rate.decimal();
            if (s.rate.signum() <= 0) {
                throw rate.error("expected a rate above 0, found '" + rate.text() + "'");
            }
        }
        if (node.get("taxes") != null) {
            s.taxes = taxes(node.list("taxes"));
        }
        ConfigNode discount = node.get("discount");
        if (discount != null) {
            s.percentage = within(discount, "percentage", HUNDRED);
            s.flat = within(discount, "flat", null);
            discount.noOtherKeys();
        }
        ConfigNode rounding = node.get("rounding");
        if (rounding != null) {
            s.rounding = rounding.oneOf("currency", "reseller", "artifice");
        }
        ConfigNode minimum = node.get("minimumCharge");
        if (minimum != null) {
            s.minimumCharge = within(node, "minimumCharge", null);
        }
        ConfigNode lines = node.get("lines");
        if (lines != null) {
            s.lines = Lines.of(lines.oneOf("price", "product", "resource"));
        }
        ConfigNode connectors = node.get("connectors");
        if (connectors != null) {
            s.connectors = connectors.texts();
            if (s.connectors.stream().distinct().count() < s.connectors.size()) {
                throw connectors.error("a connector stands here twice");
            }
        }
        return s;
    }

    private static List<TaxRate> taxes(List<ConfigNode> nodes) {
        List<TaxRate> taxes = new ArrayList<>();
        for (ConfigNode node : nodes) {
            String name = node.require("name").text();
            node.require("rate");
            taxes.add(new TaxRate(name, within(node, "rate", HUNDRED)));
            node.noOtherKeys();
        }
        return taxes;
    }

    private static BigDecimal within(ConfigNode node, String key, BigDecimal max) {
        BigDecimal value = node.decimal(key, BigDecimal.ZERO);
        if (value.signum() < 0 || max != null && value.compareTo(max) > 0) {
            throw node.get(key)
                    .error("expected a number " + (max == null ? "of 0 or more" : "from 0 to " + max) + ", found '"
                            + node.get(key).text() + "'");
        }
        return value;
    }

    private static String currency(ConfigNode node) {
        try {
            Rounding.digits(node.text());
            return node.text();
        } catch (IllegalArgumentException e) {
            throw node.error("'" + node.text() + "' is no ISO 4217 currency such as NZD");
        }
    }

    private static List<String> tenants(ConfigNode node) {
        ConfigNode tenants = node.get("tenants");
        if (tenants == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (ConfigNode tenant : tenants.list()) {
            String text = tenant.text();
            // @default/x is tenant x
            String name = text.startsWith(DEFAULT_PREFIX)
                    ? AccountProfiles.tenantName(UsageKey.DEFAULT_REALM, text.substring(DEFAULT_PREFIX.length()))
                    : text;
            if (name.isEmpty() || names.contains(name)) {
                throw tenant.error(
                        name.isEmpty() ? "a tenant needs a name" : "tenant '" + name + "' stands here twice");
            }
            names.add(name);
        }
        if (names.isEmpty()) {
            throw tenants.error("expected at least one tenant; leave the key out where the account is a tenant itself");
        }
        return names;
    }

    private static Document.Customer customer(ConfigNode node) {
        if (node == null) {
            return null;
        }
        Document.Customer customer = new Document.Customer(
                node.text("name", null),
                node.text("email", null),
                node.text("address", null),
                node.text("taxId", null),
                node.text("reference", null));
        node.noOtherKeys();
        return customer;
    }

    /** What defaults and accounts may both say. */
    private static final class Settings {
        boolean bill = true;
        String currency;
        BigDecimal rate;
        List<TaxRate> taxes = List.of();
        BigDecimal percentage = BigDecimal.ZERO;
        BigDecimal flat = BigDecimal.ZERO;
        String rounding = "currency";
        BigDecimal minimumCharge = DEFAULT_MINIMUM_CHARGE;
        Lines lines = Lines.PRICE;
        List<String> connectors = List.of(AccountProfile.DEFAULT_CONNECTOR);

        Settings() {}

        Settings(Settings other) {
            bill = other.bill;
            currency = other.currency;
            rate = other.rate;
            taxes = other.taxes;
            percentage = other.percentage;
            flat = other.flat;
            rounding = other.rounding;
            minimumCharge = other.minimumCharge;
            lines = other.lines;
            connectors = other.connectors;
        }

        AccountProfile profile(String account, List<String> tenants, Document.Customer customer) {
            Rounding policy =
                    switch (rounding) {
                        case "reseller" -> Rounding.reseller(minimumCharge);
                        case "artifice" -> Rounding.artifice();
                        default -> Rounding.currency();
                    };
            return new AccountProfile(
                    account,
                    tenants,
                    bill,
                    customer,
                    currency,
                    rate,
                    taxes,
                    percentage,
                    flat,
                    policy,
                    lines,
                    connectors);
        }
    }
}
