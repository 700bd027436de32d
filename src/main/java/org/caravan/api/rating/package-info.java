/**
 * CloudKitty's contract, as its unmodified clients know it.
 *
 * <p><b>Owns:</b> paths, arguments, bodies, texts and statuses of {@code /v1} and {@code /v2}; one class per group of
 * routes, put together by {@link org.caravan.api.rating.RatingApi}.
 *
 * <p><b>Does not own:</b> what a change of rules may do (rating/store), what usage costs (rating), what was billed
 * (ledger).
 *
 * <p><b>Invariants:</b> decimals are read and written exactly, as text; an argument or attribute that a route does not know
 * is a 400; a PUT that says what holds already has no effect.
 *
 * <p><b>Meanings of time:</b> v1 writes UTC without offset and takes a time without one for UTC; v2 always says the offset.
 *
 * <p><b>Failure states:</b> those of {@link org.caravan.api}; errors are in v1's or v2's form by their path.
 */
package org.caravan.api.rating;
