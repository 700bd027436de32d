/**
 * Invoices in OpenERP or Odoo: what {@code connectors/openerp-sink.kamelet.yaml} calls, and prices that are kept there.
 *
 * <p><b>Owns:</b> what a document looks like as an accounting move, the recipe by which it is there exactly once, the tie
 * between the hub's accounts and Odoo's partners, taxes, journals and currencies; in {@code rpc} the wire.
 *
 * <p><b>Does not own:</b> what a document says (invoice.document), when it is delivered and what follows a failure (invoice).
 *
 * <p><b>Invariants:</b> a move is only ever made by {@code load} under an external id that is derived from the document's
 * key, never changed once it is there, and posted only when it bears the document's fingerprint and amounts; the hub computes
 * tax, Odoo's is compared; what can be checked beforehand is checked before anything is made. The same document twice, also
 * at once, is one move.
 *
 * <p><b>Meanings of time:</b> an invoice is dated the last day of its period, a credit note the day it was issued, both in UTC.
 *
 * <p><b>Failure states:</b> refused (a person is needed; a draft may be left where amounts differ, and is named), not sent,
 * unknown. Repeating is safe after each.
 */
package org.caravan.invoice.erp.openerp;
