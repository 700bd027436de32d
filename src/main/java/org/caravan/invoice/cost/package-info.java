/**
 * Usage that is priced when its month closes, at the unit prices of an ERP or a rates file ({@code pricing: cost}).
 *
 * <p><b>Owns:</b> when prices are read, the prices that documents have frozen, what a month's sums come to at them, the hold
 * of a tenant whose product has none.
 *
 * <p><b>Does not own:</b> where prices are kept (rating.cost, erp), what a document looks like (invoice.document), who closes
 * (invoice).
 *
 * <p><b>Invariants:</b> a product of a datacenter has one price in a month of use, that of the first document that bore it;
 * nothing is read over a network while buckets are locked; usage without a price is never billed as 0.
 *
 * <p><b>Meanings of time:</b> a price belongs to the month of use, not to that of the document.
 *
 * <p><b>Failure states:</b> a price that is missing, in another currency or of a unit that the usage can't be told in, and a
 * source that can't be read, hold the tenants that need it.
 */
package org.caravan.invoice.cost;
