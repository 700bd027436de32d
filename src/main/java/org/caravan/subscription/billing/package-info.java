/**
 * What customers are billed by their subscriptions: the answers to {@link org.caravan.invoice.contract.Contracts}.
 *
 * <p><b>Owns:</b> which account a tenant's usage belongs to, what plans make of a month, what documents bear of them (tables
 * {@code subscription_month}, {@code plan_price}), what one customer would be billed now, the state and the merchant's identifier that an invoice begins with.
 *
 * <p><b>Does not own:</b> what rules come to (subscription.pricing), ties (subscription.tie), closing (invoice), payment.
 *
 * <p><b>Invariants:</b> all documents of a subscription's product in a month of use sum up to what its rules, as the first of
 * them bore them, come to for the month's whole quantity; what is due by period is billed once; identifiers of a merchant have
 * no gap.
 *
 * <p><b>Meanings of time:</b> a subscription has whole UTC days; a price belongs to the month of use; an account is billed in a
 * month by the subscription that its tenant had last in it.
 *
 * <p><b>Failure states:</b> usage priced by plan without a subscription, a price that can't be applied and a merchant in
 * another currency hold the account; a product without a price is billed 0, with a note and a warning.
 */
package org.caravan.subscription.billing;
