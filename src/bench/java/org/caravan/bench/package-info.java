/**
 * Benchmarks and the usage they run on; compiled with the tests, run by hand.
 *
 * <p><b>Owns:</b> the seeded generator of example and benchmark usage, the measurements, the limit they are held against.
 *
 * <p><b>Does not own:</b> anything that ships; no class of the hub knows this package.
 *
 * <p><b>Invariants:</b> the same seed and size give the same bytes; a measurement whose ledger differs from the limit's
 * sums in any digit fails.
 *
 * <p><b>Meanings of time:</b> usage lies in October 2026, UTC; durations are measured with the monotonic clock.
 *
 * <p><b>Failure states:</b> exit 1 with one line: sums differ, or a run broke.
 */
package org.caravan.bench;
