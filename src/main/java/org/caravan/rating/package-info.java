/**
 * What usage costs.
 *
 * <p><b>Owns:</b> the chain of price modules, HashMap rules and the tariff they compile to, the tariff file; in {@code store}
 * the tables that keep rules.
 *
 * <p><b>Does not own:</b> usage records (metering), sums and rounding (invoice), rated usage as it is stored.
 *
 * <p><b>Invariants:</b> BigDecimal under {@link org.caravan.common.Decimals#RATING}, or a long product proven equal to
 * it; a tariff never changes once compiled; nothing is rounded to a currency here.
 *
 * <p><b>Meanings of time:</b> a record is priced by the rules in force at its begin.
 *
 * <p><b>Failure states:</b> a record whose metadata can't be compared is rejected alone; a meter without rules is
 * unpriced (amount 0, counted).
 */
package org.caravan.rating;
