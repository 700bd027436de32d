/**
 * Samples that Ceilometer's HTTP publisher pushes.
 *
 * <p><b>Owns:</b> {@code POST /caravan/v1/samples}: what it takes and answers.
 *
 * <p><b>Does not own:</b> what a sample is (metering), where it is kept (ledger), which keys there are (auth).
 *
 * <p><b>Invariants:</b> an answer of success comes after the samples are durable; the same push again keeps nothing twice; one
 * bad sample refuses no other.
 *
 * <p><b>Failure states:</b> 400 no JSON; 503 the ledger can't be reached, or keeps as much as it may: the sender may repeat.
 */
package org.caravan.api.samples;
