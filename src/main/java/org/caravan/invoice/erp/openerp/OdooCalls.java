package org.caravan.invoice.erp.openerp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.erp.openerp.rpc.Deadline;
import org.caravan.invoice.erp.openerp.rpc.Odoo;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** The few methods that are called, in one language and one company. */
final class OdooCalls {
    private final Odoo odoo;
    private final Deadline deadline;
    private final Map<String, Object> context = new LinkedHashMap<>();

    /** @param company whose records are meant; 0 = the user's own */
    OdooCalls(Odoo odoo, long company, Deadline deadline) {
        this.odoo = odoo;
        this.deadline = deadline;
        // messages are told apart by their words
        context.put("lang", "en_US");
        if (company != 0) {
            context.put("allowed_company_ids", List.of(company));
        }
    }

    List<OdooRecord> search(String model, List<?> domain, List<String> fields) throws OdooFault {
        return search(model, domain, fields, "id", 0, true);
    }

    /**
     * @param limit most records, 0 for all
     * @param active false to find archived ones, too
     */
    List<OdooRecord> search(String model, List<?> domain, List<String> fields, String order, int limit, boolean active)
            throws OdooFault {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("domain", domain);
        arguments.put("fields", fields);
        arguments.put("order", order);
        if (limit > 0) {
            arguments.put("limit", limit);
        }
        Map<String, Object> context = new LinkedHashMap<>(this.context);
        if (!active) {
            context.put("active_test", false);
        }
        arguments.put("context", context);
        return OdooRecord.list(odoo.call(model, "search_read", null, arguments, deadline));
    }

    List<OdooRecord> read(String model, List<Long> ids, List<String> fields) throws OdooFault {
        return OdooRecord.list(odoo.call(model, "read", ids, Map.of("fields", fields, "context", context), deadline));
    }

    /** Calls a method of records whose answer says nothing. */
    void order(String model, String method, List<Long> ids) throws OdooFault {
        odoo.call(model, method, ids, Map.of("context", context), deadline);
    }

    /**
     * Makes the records that are not there yet, all or none, and leaves those alone that are. This is lookup and creation in
     * one transaction of the server's: the first column is an external id, which it holds unique, and the context says that
     * what exists is kept as it is.
     *
     * @return their ids in order
     * @throws OdooFault with the server's reasons if it made none
     */
    List<Long> load(String model, List<String> fields, List<List<String>> rows) throws OdooFault {
        Map<String, Object> keep = new LinkedHashMap<>(context);
        keep.put("mode", "update");
        keep.put("noupdate", true);
        Object answer =
                odoo.call(model, "load", null, Map.of("fields", fields, "data", rows, "context", keep), deadline);
        if (!(answer instanceof Map<?, ?> result)) {
            throw OdooRecord.unreadable("the outcome of load", answer);
        }
        if (result.get("ids") instanceof List<?> found) {
            List<Long> ids = new ArrayList<>(found.size());
            for (Object id : found) {
                ids.add(OdooRecord.id(id));
            }
            return ids;
        }
        throw refused(result.get("messages"));
    }

    /** load does not fail: it answers no ids, and messages. One that passes makes all of it pass. */
    private static OdooFault refused(Object messages) {
        List<String> reasons = new ArrayList<>();
        boolean passing = false;
        if (messages instanceof List<?> list) {
            for (Object item : list) {
                String text = item instanceof Map<?, ?> map ? String.valueOf(map.get("message")) : String.valueOf(item);
                passing |= OdooFault.isPassing(text);
                if (!reasons.contains(text)) {
                    reasons.add(text);
                }
            }
        }
        return new OdooFault(
                passing ? Kind.PASSING : Kind.REFUSED,
                reasons.isEmpty() ? "nothing was loaded, and no reason given" : String.join("; ", reasons));
    }
}
