/**
 * Payment gateways, as plug-ins.
 *
 * <p><b>Owns:</b> what a plug-in does ({@link org.caravan.subscription.payment.PaymentPlugin}), the plug-ins that there are,
 * one that accepts all ({@code dummy}), and the recognition of card data.
 *
 * <p><b>Does not own:</b> configurations and payment methods as they are kept (subscription).
 *
 * <p><b>Invariants:</b> a card's number reaches a plug-in and nothing else; a plug-in is called outside of transactions and
 * may be called again with the same.
 *
 * <p><b>Meanings of time:</b> none.
 *
 * <p><b>Failure states:</b> a plug-in that refuses makes its configuration or method INVALID; one that fails leaves it
 * VERIFYING.
 */
package org.caravan.subscription.payment;
