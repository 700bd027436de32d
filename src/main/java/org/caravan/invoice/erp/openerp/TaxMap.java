package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;

/**
 * What stands in Odoo for a document's tax: {@code GST=Tax 15%; VAT 20=7; Levy=line}. Left the tax's name, where one name
 * has several rates followed by the rate; right name or id of Odoo's tax, or {@code line} for an untaxed line of its own.
 */
record TaxMap(Map<String, String> byName) {
    /** The word for a tax that Odoo need not know. */
    static final String LINE = "line";

    TaxMap {
        byName = Map.copyOf(byName);
    }

    /** @throws UserError if it is not of this form */
    static TaxMap parse(String text) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String part : text.split(";")) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = equals < 0 ? "" : part.substring(0, equals).strip();
            String target = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (name.isEmpty() || target.isEmpty() || map.put(name, target) != null) {
                throw new UserError("openerp: taxes: '" + part.strip()
                        + "' is not of the form NAME=TAX, or names a tax again; write GST=Tax 15%; Levy=line");
            }
        }
        return new TaxMap(map);
    }

    /** What is said of a tax; null if nothing. */
    String target(String name, BigDecimal rate) {
        String exact = byName.get(name + " " + Decimals.plain(rate));
        return exact != null ? exact : byName.get(name);
    }
}
