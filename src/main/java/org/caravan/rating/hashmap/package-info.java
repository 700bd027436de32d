/**
 * HashMap rules and what they charge, as CloudKitty's module of that name does.
 *
 * <p><b>Owns:</b> rules as plain data ({@link org.caravan.rating.hashmap.RuleSet}), their compiled form ({@link
 * org.caravan.rating.hashmap.Tariff}), the price function of one kind of usage ({@link
 * org.caravan.rating.hashmap.Pricing}).
 *
 * <p><b>Does not own:</b> where rules are kept or written (tariff file, API), which meters are priced by HashMap at all.
 *
 * <p><b>Invariants:</b> a tariff never changes once compiled and its version names its content; every operation is
 * rounded to 28 digits half even, and the long arithmetic of the batch path is used only where that rounding can't
 * matter; one class ({@code FloatMeaning}) knows binary floating point, for metadata alone.
 *
 * <p><b>Meanings of time:</b> a mapping is in force in [start, end), judged by the begin of the usage; thresholds,
 * services, fields and groups have no dates.
 *
 * <p><b>Failure states:</b> a field with thresholds met a value that is no number: that point can't be rated.
 */
package org.caravan.rating.hashmap;
