/**
 * What keeps a month from being closed.
 *
 * <p><b>Owns:</b> the rules that hold a month, for all tenants or for one, and what each says to people. A part of Caravan
 * that knows another reason adds a {@link org.caravan.invoice.hold.HoldRule} of its own.
 *
 * <p><b>Does not own:</b> closing itself, and which holds a person may override (invoice); what the rules look at (ledger).
 *
 * <p><b>Invariants:</b> a rule only reads, in one statement per month however many tenants there are; a hold names the
 * thing, its place and its remedy in one line.
 *
 * <p><b>Meanings of time:</b> a month is over at its end in UTC by the hub's clock; usage is complete up to a source's
 * {@code rated_until}.
 *
 * <p><b>Failure states:</b> a rule that can't read fails the close of that month; nothing is issued unseen.
 */
package org.caravan.invoice.hold;
