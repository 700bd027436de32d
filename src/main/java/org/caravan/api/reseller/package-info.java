/**
 * The contract below {@code /reseller}: what a reseller's portal reads of its clients' usage and invoices.
 *
 * <p><b>Owns:</b> paths, all in {@link org.caravan.api.reseller.ResellerCall}; arguments, bodies, texts, statuses and the form
 * of numbers and times; who is let in, by {@code X-Reseller-Api-Key} or by user name and password.
 *
 * <p><b>Does not own:</b> what a client, a project or a provider is, and every figure (reseller, subscription, invoice,
 * ledger).
 *
 * <p><b>Invariants:</b> whatever is asked for is asked for within the key's reseller; another one's thing is as unknown as
 * one that never was. Numbers are exact decimals, printed without exponent.
 *
 * <p><b>Meanings of time:</b> UTC; each field writes it as the contract's page does.
 *
 * <p><b>Failure states:</b> those of {@link org.caravan.api}, as {@code {"error": {"code", "message"}}}.
 */
package org.caravan.api.reseller;
