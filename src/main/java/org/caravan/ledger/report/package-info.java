/**
 * What was used and what it cost, summed and listed as someone asks for it.
 *
 * <p><b>Owns:</b> the queries of reports: sums by day and longer from the roll-up and the batches that are not rolled up yet,
 * sums by hour and single records from the archive, their limits.
 *
 * <p><b>Does not own:</b> who may see what (api), what is billed (ledger), what a document says (invoice).
 *
 * <p><b>Invariants:</b> one question is answered from one snapshot; sums are those of the entries, to the last digit,
 * whichever way they were found: corrections, adjustments and re-ratings count where the usage was, so a report shows the
 * net; nothing that a caller wrote becomes SQL; every answer is bounded by {@link org.caravan.ledger.report.ReportSettings}.
 *
 * <p><b>Meanings of time:</b> a record counts where it begins, whole; days are UTC; hours begin on the hour.
 *
 * <p><b>Failure states:</b> {@link org.caravan.ledger.report.ReportLimitException} for a question that asks too much, {@link
 * org.caravan.ledger.report.ReportBusyException} for one that takes too long or must wait too long.
 */
package org.caravan.ledger.report;
