package org.caravan.invoice.erp.openerp.rpc;

import java.util.List;
import java.util.Map;

/**
 * A release.
 *
 * @param major the first number: 14 of 14.0, 19 of saas~19.1
 * @param text as the server says it
 */
public record OdooVersion(int major, String text) {
    /** First release that is spoken to at {@code /json/2}. */
    public static final int JSON2 = 19;

    /** First release that has {@code /jsonrpc}. */
    public static final int JSONRPC = 8;

    /** First release that is known here: before it there is no {@code /xmlrpc/2}. */
    public static final int OLDEST = 6;

    /** From an answer that holds {@code server_version_info} or {@code version_info}; null if it is none. */
    static OdooVersion of(Object answer) {
        if (!(answer instanceof Map<?, ?> fields)) {
            return null;
        }
        Object info = fields.containsKey("server_version_info")
                ? fields.get("server_version_info")
                : fields.get("version_info");
        Object text = fields.containsKey("server_version") ? fields.get("server_version") : fields.get("version");
        if (!(info instanceof List<?> numbers) || numbers.isEmpty() || !(text instanceof String version)) {
            return null;
        }
        // online releases say saas~19 in the place of a number
        String first = String.valueOf(numbers.get(0)).replaceFirst("^saas[~-]", "");
        if (!first.matches("\\d{1,3}")) {
            return null;
        }
        return new OdooVersion(Integer.parseInt(first), version.length() > 40 ? version.substring(0, 40) : version);
    }
}
