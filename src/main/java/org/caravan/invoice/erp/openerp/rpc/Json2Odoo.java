package org.caravan.invoice.erp.openerp.rpc;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** {@code /json/2}, which Odoo has from 19 on: a path per method, a key as bearer, errors as HTTP statuses. */
final class Json2Odoo implements Odoo {
    private final Http http;
    private final OdooVersion version;
    private final Map<String, String> headers;

    Json2Odoo(Http http, OdooServer server, OdooVersion version) {
        this.http = http;
        this.version = version;
        Map<String, String> all = new HashMap<>(JsonRpc.HEADERS);
        all.put("Authorization", "bearer " + server.secret());
        if (server.database() != null) {
            // needed where the server has more than one
            all.put("X-Odoo-Database", server.database());
        }
        this.headers = Map.copyOf(all);
    }

    @Override
    public OdooVersion version() {
        return version;
    }

    @Override
    public Object call(String model, String method, List<Long> ids, Map<String, Object> arguments, Deadline deadline)
            throws OdooFault {
        Map<String, Object> body = new LinkedHashMap<>(arguments);
        if (ids != null) {
            body.put("ids", ids);
        }
        String path = "/json/2/" + model + "/" + method;
        Http.Answer answer = http.post(path, headers, JsonRpc.write(body), deadline);
        if (answer.status() == 200) {
            try {
                return Json.mapper().readValue(answer.body(), Object.class);
            } catch (IOException e) {
                throw new OdooFault(Kind.LOST, path + ": the answer is no JSON", e);
            }
        }
        throw fault(answer, path);
    }

    private static OdooFault fault(Http.Answer answer, String path) {
        Map<?, ?> body;
        try {
            body = JsonRpc.read(answer.body());
        } catch (OdooFault e) {
            return Services.status(answer.status(), path);
        }
        String message = JsonRpc.text(body.get("message"));
        if (answer.status() == 401) {
            return new OdooFault(Kind.CREDENTIALS, "the key is not accepted: " + message);
        }
        return OdooFault.answered(
                JsonRpc.text(body.get("name")),
                message.isBlank() ? path + " answered HTTP " + answer.status() : message,
                JsonRpc.text(body.get("debug")));
    }
}
