/**
 * Usage as it comes in.
 *
 * <p><b>Owns:</b> the usage record and its columnar batch, the data formats that read them, the mappings of
 * CSV files of any make, the meters that a cloud
 * has and how their quantities become billed quantities, what makes a record unusable, the inbox directory and how files
 * leave it.
 *
 * <p><b>Does not own:</b> prices (rating fills the batch's price columns), what was billed before (ledger).
 *
 * <p><b>Invariants:</b> a quantity is exact from the wire on; a record that can't be used is a {@link
 * org.caravan.metering.Rejected} with its position and raw text, never an exception that takes its neighbours along; an
 * interned {@link org.caravan.metering.UsageKey} stands for one text. Equal texts nearly always share one key within a
 * reader, but nothing may depend on it: the reader's table of keys is bounded and starts anew when full.
 *
 * <p><b>Meanings of time:</b> {@code begin} and {@code end} bound the half-open period in which the quantity was
 * consumed, UTC microseconds since 1970; a record belongs to the UTC day and month of its begin.
 *
 * <p><b>Failure states:</b> rejected record (quarantine), refused input (too many rejected, or no readable header: {@link
 * org.caravan.metering.RefusedUsage}), reading ended between two batches because its Camel context is being stopped.
 */
package org.caravan.metering;
