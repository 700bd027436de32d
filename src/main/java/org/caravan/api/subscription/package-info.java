/**
 * BillingStack's contract: merchants, products, plans, customers, subscriptions, usage and invoices, for a merchant's portal.
 *
 * <p><b>Owns:</b> paths, arguments, bodies, texts and statuses of {@code /merchants} and what is beside it, also below {@code
 * /v2} and in the spellings of before; who sees what of it; usage as this contract shows it.
 *
 * <p><b>Does not own:</b> what a thing is and what may become of it (subscription), what was used and billed (ledger).
 *
 * <p><b>Invariants:</b> every path below a merchant begins with the question whether the caller is that merchant, or a customer
 * of it; whoever is neither sees 404. Everything generic about the kinds of things is made from {@link
 * org.caravan.subscription.Entity}. Decimals are texts.
 *
 * <p><b>Meanings of time:</b> UTC, also where no offset is said; answers say Z.
 *
 * <p><b>Failure states:</b> those of {@link org.caravan.api}; each error names its type.
 */
package org.caravan.api.subscription;
