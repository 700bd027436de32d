/**
 * What closing a month asks of whoever keeps contracts: plans, subscriptions and their customers.
 *
 * <p><b>Owns:</b> the questions: which accounts have something due beside usage, what usage costs by contract, what holds an
 * account, what is to be written when its document is issued; and all that for one payer alone, who asks what it would be
 * billed now.
 *
 * <p><b>Does not own:</b> the answers (subscription), closing itself (invoice), how a document shows a charge
 * (invoice.document).
 *
 * <p><b>Invariants:</b> the answers come from the same snapshot as the usage; what they made of it is bound, or refused, in the
 * transaction that issues the document, before its number is taken.
 *
 * <p><b>Meanings of time:</b> a contract's month is a UTC calendar month; days are UTC days.
 *
 * <p><b>Failure states:</b> an account that can't be billed by its contract stays open, with the reason.
 */
package org.caravan.invoice.contract;
