package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** A record as Odoo answers it, where false stands for nothing and a link is {@code [id, name]}. */
record OdooRecord(Map<?, ?> fields) {
    /** The records of an answer. */
    static List<OdooRecord> list(Object answer) throws OdooFault {
        if (!(answer instanceof List<?> items)) {
            throw unreadable("a list of records", answer);
        }
        List<OdooRecord> records = new ArrayList<>(items.size());
        for (Object item : items) {
            if (!(item instanceof Map<?, ?> map)) {
                throw unreadable("a record", item);
            }
            records.add(new OdooRecord(map));
        }
        return records;
    }

    static OdooFault unreadable(String expected, Object found) {
        return new OdooFault(
                Kind.LOST,
                "the answer can't be read: expected " + expected + ", found "
                        + (found == null ? "nothing" : found.getClass().getSimpleName()));
    }

    static long id(Object value) throws OdooFault {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw unreadable("an id", value);
    }

    long id() throws OdooFault {
        return id(fields.get("id"));
    }

    /** Empty where there is none. */
    String text(String field) {
        return fields.get(field) instanceof String text ? text : "";
    }

    boolean flag(String field) {
        return Boolean.TRUE.equals(fields.get(field));
    }

    BigDecimal decimal(String field) throws OdooFault {
        Object value = fields.get(field);
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof Integer || value instanceof Long) {
            return BigDecimal.valueOf(((Number) value).longValue());
        }
        throw unreadable("a number in " + field, value);
    }

    /** The id of a link; 0 where there is none. */
    long link(String field) throws OdooFault {
        return fields.get(field) instanceof List<?> pair && !pair.isEmpty() ? id(pair.get(0)) : 0;
    }

    /** The name of a link; empty where there is none. */
    String linkName(String field) {
        return fields.get(field) instanceof List<?> pair && pair.size() > 1 && pair.get(1) instanceof String name
                ? name
                : "";
    }
}
