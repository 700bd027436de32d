/**
 * Samples of Ceilometer as a source of the ledger.
 *
 * <p><b>Owns:</b> what the routes {@code metering-ceilometer-*} need beside the data format and the ledger: when usage is made
 * of samples, how far the source is rated, what is said of it, the attempt to read it ({@code check}).
 *
 * <p><b>Does not own:</b> reading samples and transformers (metering), keeping them, which hour is due and what is billed
 * (ledger), polling files and topics (inbox, kafka).
 *
 * <p><b>Invariants:</b> usage is made of an hour only while no file waits to be read; the source is rated until an hour only
 * when usage of every tenant's hours before it is in the ledger.
 *
 * <p><b>Meanings of time:</b> the newest sample is the clock of the hours; the hub's clock counts at the end of a month alone,
 * where what samples come by is rated as any such source is.
 *
 * <p><b>Failure states:</b> an hour that can't be committed is made again in the next round; samples that came meanwhile are no
 * failure.
 */
package org.caravan.hub.samples;
