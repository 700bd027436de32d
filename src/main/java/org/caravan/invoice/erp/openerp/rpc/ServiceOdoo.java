package org.caravan.invoice.erp.openerp.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** A server spoken to by {@code execute_kw}, after a login that is remembered. */
final class ServiceOdoo implements Odoo {
    private final Services services;
    private final OdooServer server;
    private final OdooVersion version;
    private volatile Object uid;

    ServiceOdoo(Services services, OdooServer server, OdooVersion version) {
        this.services = services;
        this.server = server;
        this.version = version;
    }

    @Override
    public OdooVersion version() {
        return version;
    }

    @Override
    public Object call(String model, String method, List<Long> ids, Map<String, Object> arguments, Deadline deadline)
            throws OdooFault {
        List<Object> parameters = new ArrayList<>();
        parameters.add(server.database());
        parameters.add(login(deadline));
        parameters.add(server.secret());
        parameters.add(model);
        parameters.add(method);
        parameters.add(ids == null ? List.of() : List.of(ids));
        parameters.add(arguments);
        return services.call("object", "execute_kw", parameters, deadline);
    }

    private Object login(Deadline deadline) throws OdooFault {
        Object known = uid;
        if (known == null) {
            known = services.call(
                    "common",
                    "authenticate",
                    List.of(server.database(), server.user(), server.secret(), Map.of()),
                    deadline);
            // a wrong password is no fault: it is the answer false
            if (!(known instanceof Number)) {
                throw new OdooFault(
                        Kind.CREDENTIALS,
                        "user '" + server.user() + "' and its password or key are not accepted by database '"
                                + server.database() + "'");
            }
            uid = known;
        }
        return known;
    }
}
