package org.caravan.invoice.erp.openerp;

import java.net.URI;
import org.caravan.invoice.erp.openerp.rpc.Connections;
import org.caravan.invoice.erp.openerp.rpc.Deadline;
import org.caravan.invoice.erp.openerp.rpc.Odoo;
import org.caravan.invoice.erp.openerp.rpc.OdooFault;

/** What is remembered of a server between two commits: how to speak to it, its books, its partners. */
final class Office {
    private final OpenErpSettings settings;
    private Odoo odoo;
    private Books books;
    private Partners partners;
    private Deadline good;
    private long read;

    /** Since when partners are remembered. */
    private long known;

    /** @param settings what the connector is told */
    Office(OpenErpSettings settings) {
        this.settings = settings;
    }

    /** What one round works with. */
    record Desk(OdooCalls calls, Books books, MoveMaker maker, Partners partners) {}

    /** From memory, or read anew where that is old. */
    synchronized Desk desk(Deadline deadline) throws OdooFault {
        if (books == null || good.isOver()) {
            odoo = Connections.open(settings.server(), deadline);
            Books now = Books.read(odoo, settings, deadline);
            // one that was made here stays who it is until Odoo knows it no more; a person may give a reference to
            // another one
            if (books == null || !settings.createPartner()) {
                partners = new Partners(settings.createPartner());
                known = System.nanoTime();
            }
            books = now;
            good = Deadline.in(settings.refresh());
            read = System.nanoTime();
        }
        return new Desk(
                new OdooCalls(odoo, books.company(), deadline), books, new MoveMaker(settings, books), partners);
    }

    /** As {@link #forget}, unless all of it was read after that moment; answers whether it was forgotten. */
    synchronized boolean forgetOlder(long nanos) {
        if (books == null || read - nanos > 0 && known - nanos > 0) {
            return false;
        }
        books = null;
        return true;
    }

    /** Lets the next round read all anew. */
    synchronized void forget() {
        books = null;
    }

    /** True if credentials would cross a network in the clear. */
    static boolean isInTheClear(URI url) {
        String host = url.getHost();
        return url.getScheme().equals("http")
                && !host.equals("localhost")
                && !host.equals("[::1]")
                && !host.matches("127(\\.\\d{1,3}){3}");
    }
}
