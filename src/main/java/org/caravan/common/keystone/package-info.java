/**
 * Asking Keystone, OpenStack's identity service, version 3.
 *
 * <p><b>Owns:</b> the token of the hub's own service user, requests in its name within their limits, what an answer about a
 * token means.
 *
 * <p><b>Does not own:</b> who may do what with a token: that is the served APIs' matter; no setting's name.
 *
 * <p><b>Invariants:</b> no redirect is followed, as it could carry a token elsewhere; no token, password or answer's text
 * that could hold one is logged or part of a message; every request ends within the time that was set; answers are bounded.
 *
 * <p><b>Meanings of time:</b> the own token's life is counted from its arrival by this machine's clock, so that two clocks
 * that differ don't matter; another's token expires when Keystone says, by this machine's clock.
 *
 * <p><b>Failure states:</b> {@link org.caravan.common.keystone.KeystoneException} says that Keystone gave no usable answer,
 * why, and the remedy; that a token is not valid is an answer, not a failure.
 */
package org.caravan.common.keystone;
