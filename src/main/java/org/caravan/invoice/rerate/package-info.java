/**
 * Usage that is billed already, billed at today's rules.
 *
 * <p><b>Owns:</b> orders to re-rate (tables {@code rerating}, {@code rerating_tenant}): of open months, asked for by the
 * rating API and done by a running hub; of issued months, corrected by command. What may be ordered, who works on what, how
 * far it has come, which usage is left alone because its line was credited.
 *
 * <p><b>Does not own:</b> the entries of a re-rating and what records are billed at (ledger), what usage costs (rating), how
 * a document shows it (invoice.document).
 *
 * <p><b>Invariants:</b> a portion of an order is one transaction under the buckets of its tenants, and says in it how far the
 * order has come; what is compared under the locks is what is billed with what it should be, so nothing is billed twice by
 * whoever does it again; an order is done only when no batch of its window is left, by one set of rules; what is issued does
 * not change; a correction is billed once per tenant, month and reason.
 *
 * <p><b>Meanings of time:</b> a window is judged by the begin of records, who priced them by the rules of today for that
 * begin; leases are the database's clock's.
 *
 * <p><b>Failure states:</b> pending or running with its last error (tried again), failed (an archive is damaged); a month that
 * is issued before its turn is left as it was issued, and told.
 */
package org.caravan.invoice.rerate;
