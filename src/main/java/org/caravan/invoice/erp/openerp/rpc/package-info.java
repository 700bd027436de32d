/**
 * How to talk to an OpenERP or Odoo server: XML-RPC, JSON-RPC and, from 19 on, JSON/2, behind one interface.
 *
 * <p><b>Owns:</b> the three wire formats, which of them a server is spoken to in, how its errors are told apart.
 *
 * <p><b>Does not own:</b> what is asked of the server (erp.openerp), when a call is repeated (erp.openerp, invoice).
 *
 * <p><b>Invariants:</b> a number is read from its literal and is never a binary float; an answer is bounded in bytes and
 * depth, and its XML names no entity and no document type; a call ends within its time limit; a redirect is not followed;
 * credentials appear in no message. Safe for concurrent use.
 *
 * <p><b>Failure states:</b> {@link org.caravan.invoice.erp.openerp.rpc.OdooFault}, whose kind says what may follow. No fault
 * of a call means that the server did not carry it out: a server answers after its commit, and may fail at that.
 */
package org.caravan.invoice.erp.openerp.rpc;
