package org.caravan.invoice.erp.openerp;

import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;

/** Which company bills. */
final class Companies {
    private Companies() {}

    /**
     * The company that the settings name, or the only one that the user sees.
     *
     * @param fields what is read of it; its name among them
     * @throws UserError if it is not exactly one
     */
    static OdooRecord one(OdooCalls calls, OpenErpSettings settings, List<String> fields) throws OdooFault {
        List<OdooRecord> all = calls.search("res.company", List.of(), fields);
        List<OdooRecord> meant = new ArrayList<>();
        for (OdooRecord company : all) {
            if (settings.company() == null
                    || settings.company().equals(company.text("name"))
                    || settings.company().equals(Long.toString(company.id()))) {
                meant.add(company);
            }
        }
        if (meant.size() == 1) {
            return meant.get(0);
        }
        throw new UserError("openerp: "
                + (settings.company() == null
                        ? "which company bills?"
                        : "company '" + settings.company() + "' is not one of Odoo's.")
                + " Set company to one of " + names(all, "name") + " in "
                + settings.server().url());
    }

    /** Some of their names, for messages. */
    static String names(List<OdooRecord> records, String field) {
        return String.join(
                ", ",
                records.stream().limit(20).map(record -> record.text(field)).toList());
    }
}
