package org.caravan.invoice.erp.openerp.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** {@code /jsonrpc}, which Odoo 8 to 19 have. */
final class JsonRpc implements Services {
    private static final String PATH = "/jsonrpc";
    static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");

    private final Http http;

    JsonRpc(Http http) {
        this.http = http;
    }

    @Override
    public Object call(String service, String method, List<?> parameters, Deadline deadline) throws OdooFault {
        Map<String, Object> call = Map.of(
                "jsonrpc",
                "2.0",
                "method",
                "call",
                "id",
                1,
                "params",
                Map.of("service", service, "method", method, "args", parameters));
        Http.Answer answer = http.post(PATH, HEADERS, write(call), deadline);
        if (answer.status() != 200) {
            throw Services.status(answer.status(), PATH);
        }
        Map<?, ?> body = read(answer.body());
        if (body.get("error") instanceof Map<?, ?> error) {
            throw fault(error);
        }
        return body.get("result");
    }

    private static OdooFault fault(Map<?, ?> error) {
        Map<?, ?> data = error.get("data") instanceof Map<?, ?> map ? map : Map.of();
        String message = text(data.get("message"));
        return OdooFault.answered(
                text(data.get("name")),
                message.isBlank() ? text(error.get("message")) : message,
                text(data.get("debug")));
    }

    static String text(Object value) {
        return value instanceof String text ? text : "";
    }

    static byte[] write(Object value) {
        try {
            return Json.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("can't be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static Map<?, ?> read(byte[] body) throws OdooFault {
        try {
            return Json.mapper().readValue(body, LinkedHashMap.class);
        } catch (IOException e) {
            throw new OdooFault(Kind.LOST, "the answer is no JSON object", e);
        }
    }
}
