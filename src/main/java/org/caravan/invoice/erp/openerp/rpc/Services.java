package org.caravan.invoice.erp.openerp.rpc;

import java.util.List;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** The services {@code common} and {@code object} that servers offer by XML-RPC and JSON-RPC alike. */
interface Services {
    Object call(String service, String method, List<?> parameters, Deadline deadline) throws OdooFault;

    /** These services answer 200 whatever happened; another status comes from something else. */
    static OdooFault status(int status, String path) {
        return new OdooFault(
                status >= 500 ? Kind.PASSING : status == 401 || status == 403 ? Kind.CREDENTIALS : Kind.REFUSED,
                path + " answered HTTP " + status + (status == 404 ? ": no Odoo, or not at this url" : ""));
    }
}
