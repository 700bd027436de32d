package org.caravan.invoice.erp.openerp.rpc;

import java.net.URI;
import java.time.Duration;

/**
 * Where a server is, who calls it, and the limits of a call.
 *
 * @param url base address, http or https, without a slash at its end
 * @param database name of the database
 * @param user login; not needed with a key at {@code /json/2}
 * @param secret password or API key
 * @param isKey true if the secret is an API key
 * @param transport how it is spoken to
 * @param connectTimeout longest wait for a connection
 * @param callTimeout longest wait for an answer
 * @param maxAnswerBytes a longer answer is refused
 */
public record OdooServer(
        URI url,
        String database,
        String user,
        String secret,
        boolean isKey,
        Transport transport,
        Duration connectTimeout,
        Duration callTimeout,
        int maxAnswerBytes) {
    /** How a server is spoken to. */
    public enum Transport {
        /** By what it says it is. */
        AUTO,
        XMLRPC,
        JSONRPC,
        JSON2
    }

    /** Without its secret. */
    @Override
    public String toString() {
        return url + " (database " + database + ", user " + user + ", " + transport + ")";
    }
}
