/**
 * Invoices as CSV files in a directory: what {@code connectors/csv-directory-sink.kamelet.yaml} calls.
 *
 * <p><b>Owns:</b> the two layouts, file names, and how a file comes to be there whole, once, and for keeps.
 *
 * <p><b>Does not own:</b> what a document says (invoice.document), when it is delivered and what happens after a failure
 * (invoice).
 *
 * <p><b>Invariants:</b> a file is never overwritten; under its name it is complete or absent, also after a kill or a power
 * cut; the same document again is the same file and the same reference, also at once; the cost cells of a row file sum to
 * the document's total; no text cell is a formula; a credit note says at its top what it corrects; an invoice's note is
 * there before its delivery counts as committed.
 *
 * <p><b>Meanings of time:</b> times are UTC, {@code 2026-10-01 00:00:00}; an end is the first instant after.
 *
 * <p><b>Failure states:</b> a missing directory and a file of someone else under the name are user errors; anything else
 * is an I/O error that left nothing under the name, or the whole file. Repeating is safe after each.
 */
package org.caravan.invoice.erp.csv;
