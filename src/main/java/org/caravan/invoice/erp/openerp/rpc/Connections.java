package org.caravan.invoice.erp.openerp.rpc;

import java.io.IOException;
import java.util.List;
import org.caravan.common.Json;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;
import org.caravan.invoice.erp.openerp.rpc.OdooServer.Transport;

/** Finds out what a server is, and how to speak to it. */
public final class Connections {
    private Connections() {}

    /**
     * Asks a server for its version and chooses the transport by it.
     *
     * @throws OdooFault if it does not answer, is no Odoo, or can't be spoken to as the settings say
     */
    public static Odoo open(OdooServer server, Deadline deadline) throws OdooFault {
        Http http = new Http(server);
        Transport wanted = server.transport();
        OdooVersion version = version(http, wanted, deadline);
        if (version.major() < OdooVersion.OLDEST) {
            throw refused(server, version, "is older than OpenERP 6.1, which is not supported");
        }
        Transport use = wanted != Transport.AUTO ? wanted : chosen(version, server.isKey());
        if (use == Transport.JSON2) {
            if (version.major() < OdooVersion.JSON2) {
                throw refused(server, version, "has no /json/2; set transport=auto");
            }
            if (!server.isKey()) {
                throw refused(server, version, "wants an API key at /json/2; set apiKey");
            }
            return new Json2Odoo(http, server, version);
        }
        return new ServiceOdoo(use == Transport.XMLRPC ? new XmlRpc(http) : new JsonRpc(http), server, version);
    }

    private static Transport chosen(OdooVersion version, boolean key) {
        if (version.major() >= OdooVersion.JSON2 && key) {
            return Transport.JSON2;
        }
        return version.major() >= OdooVersion.JSONRPC ? Transport.JSONRPC : Transport.XMLRPC;
    }

    private static OdooFault refused(OdooServer server, OdooVersion version, String why) {
        return new OdooFault(Kind.REFUSED, server.url() + " is Odoo " + version.text() + " and " + why);
    }

    /** By the path that is going to last, then by the one that goes back furthest. */
    private static OdooVersion version(Http http, Transport wanted, Deadline deadline) throws OdooFault {
        if (wanted == Transport.AUTO || wanted == Transport.JSON2) {
            Http.Answer answer = http.get("/json/version", deadline);
            OdooVersion version = answer.status() == 200 ? OdooVersion.of(json(answer.body())) : null;
            if (version != null) {
                return version;
            }
        }
        Services services = wanted == Transport.JSONRPC ? new JsonRpc(http) : new XmlRpc(http);
        OdooVersion version = OdooVersion.of(services.call("common", "version", List.of(), deadline));
        if (version == null) {
            throw new OdooFault(Kind.REFUSED, "the server answers no version that an Odoo has");
        }
        return version;
    }

    private static Object json(byte[] body) {
        try {
            return Json.mapper().readValue(body, Object.class);
        } catch (IOException e) {
            // an older server's page for a path that it does not have
            return null;
        }
    }
}
