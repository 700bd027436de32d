/**
 * A cloud's usage and invoices, as a reseller's portal sees them.
 *
 * <p><b>Owns:</b> the words of that contract: a reseller is a merchant, its client a customer, a client's project a tenant
 * that a subscription is tied to, a provider the cloud of one or more datacenters ({@code config/reseller.yaml}). A
 * reseller's currencies with their rates, what it writes beside products and resources, its portal's login, the rows of its
 * report.
 *
 * <p><b>Does not own:</b> any money: usage and amounts are read from the ledger and from issued documents, never computed a
 * second time. Merchants, customers, products and ties (subscription), the form of the answers (api.reseller).
 *
 * <p><b>Invariants:</b> whatever is looked up is looked up within one reseller, so another one's id finds nothing. A reseller
 * has exactly one main currency, the ledger's, at the rate 1. Nothing that is written here changes an issued document.
 *
 * <p><b>Meanings of time:</b> all UTC. A rate that is changed holds for documents that are issued from then on.
 *
 * <p><b>Failure states:</b> {@link org.caravan.subscription.Refusal} for what a caller may not or names wrongly, {@link
 * org.caravan.common.UserError} for a file that is wrong.
 */
package org.caravan.reseller;
