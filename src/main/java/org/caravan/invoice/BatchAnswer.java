package org.caravan.invoice;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.invoice.Deliveries.Failure;

/**
 * What a connector that takes batches answers of one document: a map with {@code reference} and perhaps {@code total} where
 * it is committed; else with one of {@code refused} (the same document can only be refused again), {@code unsent} (the ERP
 * certainly got nothing of it) and {@code failed} (nobody knows), each with the reason.
 *
 * <p>The connector puts a map of these, by document key, into the header {@link InvoiceConstants#ERP_ANSWERS}, as a Java map
 * or as JSON. A document without an answer is in doubt.
 */
public final class BatchAnswer {
    private static final String REFERENCE = "reference";
    private static final String TOTAL = "total";
    private static final String REFUSED = "refused";
    private static final String UNSENT = "unsent";
    private static final String FAILED = "failed";

    private BatchAnswer() {}

    /** It is in the ERP; {@code total} may be null. */
    public static Map<String, String> committed(String reference, String total) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put(REFERENCE, reference);
        if (total != null) {
            answer.put(TOTAL, total);
        }
        return answer;
    }

    /** The same document can only be refused again. */
    public static Map<String, String> refused(String reason) {
        return Map.of(REFUSED, reason);
    }

    /** The ERP certainly got nothing of it. */
    public static Map<String, String> unsent(String reason) {
        return Map.of(UNSENT, reason);
    }

    /** Nobody knows whether the ERP has it. */
    public static Map<String, String> failed(String reason) {
        return Map.of(FAILED, reason);
    }

    /** An answer that was read. {@code reference} is null where it failed, {@code failure} where it did not. */
    record Read(String reference, String total, Failure failure, String reason) {
        static Read failed(Failure failure, String reason) {
            return new Read(null, null, failure, reason);
        }
    }

    /**
     * Reads the header.
     *
     * @param header map or JSON text; null if the connector set none
     * @throws IllegalArgumentException if it is neither
     */
    static Map<?, ?> header(Object header) {
        if (header == null) {
            return Map.of();
        }
        if (header instanceof Map<?, ?> map) {
            return map;
        }
        try {
            if (header instanceof String || header instanceof byte[]) {
                byte[] json = header instanceof byte[] bytes
                        ? bytes
                        : ((String) header).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                return Json.mapper().readValue(json, Map.class);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("it is no JSON object", e);
        }
        throw new IllegalArgumentException("it is a " + header.getClass().getName());
    }

    /** What is answered of a document. */
    static Read of(Object answer) {
        if (!(answer instanceof Map<?, ?> fields)) {
            return Read.failed(
                    Failure.NO_REFERENCE,
                    "the connector ended without an answer for it in " + InvoiceConstants.ERP_ANSWERS);
        }
        String reference = text(fields, REFERENCE);
        if (reference != null
                && !SqlText.line(reference, Deliveries.MAX_REFERENCE).isEmpty()) {
            return new Read(reference, text(fields, TOTAL), null, null);
        }
        if (text(fields, REFUSED) != null) {
            return Read.failed(Failure.PERMANENT, text(fields, REFUSED));
        }
        if (text(fields, UNSENT) != null) {
            return Read.failed(Failure.UNSENT, text(fields, UNSENT));
        }
        return text(fields, FAILED) != null
                ? Read.failed(Failure.UNKNOWN, text(fields, FAILED))
                : Read.failed(Failure.NO_REFERENCE, "the connector's answer for it says neither reference nor failure");
    }

    private static String text(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        return value == null ? null : value.toString();
    }
}
