package org.caravan.invoice.erp.openerp;

import org.caravan.testing.odoo.FakeOdoo;

/** A release on one of its transports. */
enum Wire {
    ODOO_14_XMLRPC(14, "xmlrpc", false),
    ODOO_14_JSONRPC(14, "auto", false),
    ODOO_19_XMLRPC(19, "xmlrpc", false),
    ODOO_19_JSON2(19, "auto", true);

    final int version;
    private final String transport;
    private final boolean key;

    Wire(int version, String transport, boolean key) {
        this.version = version;
        this.transport = transport;
        this.key = key;
    }

    /** The Kamelet's options for a server. */
    String options(FakeOdoo odoo) {
        return "url=" + odoo.url() + "&database=" + FakeOdoo.DATABASE + "&user=" + FakeOdoo.USER + "&transport="
                + transport + (key ? "&apiKey=" + FakeOdoo.API_KEY : "&password=" + FakeOdoo.PASSWORD);
    }
}
