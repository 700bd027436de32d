/**
 * Merchants, what they sell, who buys it, and what their customers owe.
 *
 * <p><b>Owns:</b> merchants, products, plans with their items and pricing, customers with contacts and payment methods,
 * subscriptions, the words that they use (currencies, languages, invoice states), states of issued invoices, invoices that
 * merchants write by hand. Each kind of thing is described once ({@link org.caravan.subscription.Entity}): its statements,
 * checks and filters come from that.
 *
 * <p><b>Does not own:</b> ties of subscriptions to tenants (tie), what plans charge (pricing, billing), projects (provision),
 * what a document says and when it is issued (invoice), the form in which all this is asked for (api.subscription), card
 * data: only a plug-in sees it (payment).
 *
 * <p><b>Invariants:</b> whatever is looked up is looked up within its merchant, so another merchant's id finds nothing; ids
 * never change; a resource is tied to one open subscription at most, and no usage of before is claimed that another one had;
 * what is billed by stays when it is removed, only hidden; an issued invoice changes its state and due date alone; decimals
 * are exact; no whole card number and no card verification number is kept.
 *
 * <p><b>Meanings of time:</b> all UTC. A subscription's usage is that of whole days, from that of its creation on to that of
 * its end, whenever the tie was told. A billing day beyond a month's end is its last day.
 *
 * <p><b>Failure states:</b> {@link org.caravan.subscription.Refusal}, which names the field and what it takes. A payment
 * configuration or method whose check was cut short stays VERIFYING until it is changed again.
 */
package org.caravan.subscription;
