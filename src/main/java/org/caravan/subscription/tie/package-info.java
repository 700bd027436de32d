/**
 * Which subscription a tenant's usage belongs to.
 *
 * <p><b>Owns:</b> the tie of a subscription (its resource, its begin and its end), and the report of what is not tied.
 *
 * <p><b>Does not own:</b> the other fields of a subscription, what it is billed (subscription.billing), the project itself
 * (subscription.provision).
 *
 * <p><b>Invariants:</b> a tie changes under the lock of the tenant's bucket, which it touches: a document that was built before
 * is not issued as it is. A tenant has one subscription at a time. Usage that waits for a customer's document does not change
 * hands.
 *
 * <p><b>Meanings of time:</b> a subscription has its tenant's usage from the day it was created on, however late it is tied, and
 * to the end of the day it ends on; days are UTC.
 *
 * <p><b>Failure states:</b> {@link org.caravan.subscription.tie.TieRefused}, after which nothing has changed.
 */
package org.caravan.subscription.tie;
