/**
 * What was used and what it costs, for keeps. The only writer of money.
 *
 * <p><b>Owns:</b> entries, positions, billed time, prices by id, the archive of batches, quarantine, roll-up,
 * what re-rated records are billed at, the states of months, the buckets that lock them, what was said of tenants as scopes,
 * what pushes were answered, how far tables of other databases were read, and the figures by which all this is watched.
 *
 * <p><b>Does not own:</b> what a price is (rating), what a document looks like or who gets it (invoice).
 *
 * <p><b>Invariants:</b> a batch's identity, effect and position are one transaction; entries are only appended; no moment
 * of a series is billed twice (an accepted record first reverses what is billed in its place: negative entries of kind
 * correction, and a row of {@code reversal} per archived record that is not billed any more); what a record is
 * billed with is its archive's price, or what {@code repriced} says since, and a re-rating takes back just that; a held record is
 * decided once, in the transaction of its effect; a closed month gets no entry; who writes or sums entries of a tenant holds its bucket;
 * NUMERIC and BigDecimal throughout.
 *
 * <p><b>Meanings of time:</b> {@code usage_day} is the UTC day of a record's begin; {@code billing_month} the month whose
 * document bears it: the month of use, or the one after the tenant's last closed month where that is not before it; {@code committed_at}
 * the ledger's clock.
 *
 * <p><b>Failure states:</b> a failed commit leaves nothing and forgets what memory it touched; a record that is already
 * billed otherwise is a conflict in quarantine: held -> retried, accepted or dropped. A batch that would overfill
 * quarantine fails as a whole.
 */
package org.caravan.ledger;
