/**
 * Who asks.
 *
 * <p><b>Owns:</b> keys (random, stored as digests, revocable) and the ways to know a caller: by key, by Keystone token, by
 * nobody on loopback.
 *
 * <p><b>Does not own:</b> what a caller may do: that is each route's {@link org.caravan.api.http.Policy}.
 *
 * <p><b>Invariants:</b> digests are compared in constant time; no key or token is ever logged.
 *
 * <p><b>Meanings of time:</b> a token is taken to be valid for a while after Keystone said so, and never past its own end; a
 * token revoked meanwhile is taken for that while.
 *
 * <p><b>Failure states:</b> an unknown key is a 401; too many of them from one address a 429 for a while. Keystone can't be
 * asked: 503 for everyone who is not remembered, and nobody is let in for that reason.
 */
package org.caravan.api.auth;
