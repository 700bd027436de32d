/**
 * Samples of Ceilometer, and how an hour of them becomes usage.
 *
 * <p><b>Owns:</b> reading samples in whatever Ceilometer wraps them, their signature, which of them are wanted, the
 * transformers.
 *
 * <p><b>Does not own:</b> where samples are kept and when an hour is due (ledger), what a usage record is (metering).
 *
 * <p><b>Invariants:</b> a transformer is a function of the samples of one resource and one window, in the order of their time
 * and id: what came when, twice or in which batch means nothing. A volume is exact from the wire on. A sample that can't be
 * used is a {@link org.caravan.metering.Rejected} of its own; its neighbours in the same message are kept.
 *
 * <p><b>Meanings of time:</b> {@code at} is when a sample was measured, UTC microseconds since 1970; a window is one UTC hour,
 * [begin, end), read from ten minutes before it.
 *
 * <p><b>Failure states:</b> rejected sample (quarantine); a sample of a source that is not trusted, of a tenant that is not
 * chosen or of a meter that nothing is made of: counted, not kept.
 */
package org.caravan.metering.sample;
