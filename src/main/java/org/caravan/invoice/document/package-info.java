/**
 * What an invoice says: the document, how the sums of a month become one, and how lines of one are taken back.
 *
 * <p><b>Owns:</b> the document and its JSON form (schema {@code schema/caravan-document-1.json}), its key, account
 * profiles, rounding, the grouping of usage into lines.
 *
 * <p><b>Does not own:</b> when a document is issued, its number, who gets it (invoice); what usage costs (ledger).
 *
 * <p><b>Invariants:</b> building is pure: the same sums, in whatever order, give the same bytes. The exact amounts of a
 * line's items sum to the line's, the lines' to the document's. A rounded figure is rounded once, and a sum of rounded
 * figures is never rounded, but for what one tenant used in one datacenter by the policy {@code reseller}. total = subtotal -
 * discount + taxes. All credit notes of an invoice together are the invoice negated, in every figure, however its lines were split.
 *
 * <p><b>Meanings of time:</b> a document bears one billing month, period [from, to) in UTC; a line's usage month is named
 * where it is another one.
 *
 * <p><b>Failure states:</b> a profile that can't bill in the ledger's currency, and a document beyond its limits, are user
 * errors; nothing is built in part.
 */
package org.caravan.invoice.document;
