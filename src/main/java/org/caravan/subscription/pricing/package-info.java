/**
 * What a plan charges: rules of a product, and what they come to for a quantity.
 *
 * <p><b>Owns:</b> the meaning of the rules {@code fixed}, {@code volume} and {@code time}, as JSON and as figures.
 *
 * <p><b>Does not own:</b> whose quantity it is, and of which days (subscription.billing); rounding (invoice.document).
 *
 * <p><b>Invariants:</b> exact decimals; a tier is half-open; what a graduated rule comes to is the sum of its slices; rules
 * add.
 *
 * <p><b>Meanings of time:</b> times of the day are UTC.
 *
 * <p><b>Failure states:</b> rules that can't be understood are refused where they are written, with place and remedy.
 */
package org.caravan.subscription.pricing;
