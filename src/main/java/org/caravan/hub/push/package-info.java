/**
 * Pushed usage as sources of the ledger, one per name that keys were made for.
 *
 * <p><b>Owns:</b> what the routes {@code metering-push} and {@code metering-push-look} ask: which records a key may bring,
 * how far the sources are rated, when old answers are forgotten; the way from the served API into the route.
 *
 * <p><b>Does not own:</b> bodies and answers (api.push), keys (api.auth), what is billed (ledger).
 *
 * <p><b>Invariants:</b> a record that its key may not bring leaves the batch before anything is rated or kept.
 *
 * <p><b>Meanings of time:</b> a source that was pushed to is rated until the begin of the month (UTC) that was running
 * {@code caravan.close.grace} ago, once the hub has been running for {@code caravan.push.settle}: senders that found it away
 * must have had their turn.
 *
 * <p><b>Failure states:</b> a source that was never pushed to is never rated by itself, and holds every month.
 */
package org.caravan.hub.push;
