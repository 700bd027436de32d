package org.caravan.invoice.erp.openerp.rpc;

import java.util.List;
import java.util.Map;

/** A server that was found, and the credentials to call it with. Safe for concurrent use. */
public interface Odoo {
    /** What the server says it is. */
    OdooVersion version();

    /**
     * Calls a public method of a model.
     *
     * @param model such as {@code account.move}
     * @param ids the records it is called on; null for a method of the model itself
     * @param arguments by name; values String, Long, Integer, Boolean, or lists and maps of these
     * @return String, Long, Integer, BigDecimal, Boolean (false is how the server says that there is nothing), or lists and
     *     maps of these; null where the server says so
     * @throws OdooFault if it answered with an error or not at all
     */
    Object call(String model, String method, List<Long> ids, Map<String, Object> arguments, Deadline deadline)
            throws OdooFault;
}
