package org.caravan.invoice.erp.openerp.rpc;

import java.util.List;
import java.util.Map;

/** {@code /xmlrpc/2}, which OpenERP 6.1 to Odoo 19 have. */
final class XmlRpc implements Services {
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "text/xml; charset=utf-8");

    private final Http http;

    XmlRpc(Http http) {
        this.http = http;
    }

    @Override
    public Object call(String service, String method, List<?> parameters, Deadline deadline) throws OdooFault {
        String path = "/xmlrpc/2/" + service;
        Http.Answer answer = http.post(path, HEADERS, XmlRpcCodec.call(method, parameters), deadline);
        if (answer.status() != 200) {
            throw Services.status(answer.status(), path);
        }
        return XmlRpcCodec.answer(answer.body());
    }
}
