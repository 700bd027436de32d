package org.caravan.invoice.erp.openerp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.common.UserError;

/**
 * How prices are found in Odoo.
 *
 * @param priceList name or id of a price list; null for the products' own sales prices
 * @param digits after the point of a price
 * @param regions what a datacenter is called in names of products, where otherwise
 */
record PriceSettings(String priceList, int digits, Map<String, String> regions) {
    private static final int DEFAULT_DIGITS = 6;
    private static final int MAX_DIGITS = 12;

    PriceSettings {
        regions = Map.copyOf(regions);
    }

    /** @throws UserError naming the property that is unfit */
    static PriceSettings of(Map<String, String> settings) {
        String list = settings.get("priceList");
        String digits = settings.getOrDefault("priceDigits", Integer.toString(DEFAULT_DIGITS));
        if (!digits.matches("\\d{1,2}") || Integer.parseInt(digits) > MAX_DIGITS) {
            throw new UserError("openerp: priceDigits is '" + digits + "'; it must be 0 to " + MAX_DIGITS);
        }
        return new PriceSettings(
                list == null || list.isBlank() ? null : list.strip(), Integer.parseInt(digits), regions(settings));
    }

    private static Map<String, String> regions(Map<String, String> settings) {
        Map<String, String> regions = new LinkedHashMap<>();
        for (String part : settings.getOrDefault("regions", "").split(";")) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String from = equals < 0 ? "" : part.substring(0, equals).strip();
            String to = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (from.isEmpty() || to.isEmpty() || regions.put(from, to) != null) {
                throw new UserError(
                        "openerp: regions: '" + part.strip()
                                + "' is not of the form DATACENTER=REGION, or names a datacenter again; write nz_wlg_2=NZ-WLG-2");
            }
        }
        return regions;
    }

    /** The product that has the price: {@code REGION.SERVICE}, of usage without datacenter {@code SERVICE}. */
    String product(String datacenter, String product) {
        return datacenter.isEmpty() ? product : regions.getOrDefault(datacenter, datacenter) + "." + product;
    }
}
