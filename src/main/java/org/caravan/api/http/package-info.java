/**
 * Requests, answers and routing tables, apart from any contract.
 *
 * <p><b>Owns:</b> reading a request within its limits, finding its route, who asks, errors in the contract's own form.
 *
 * <p><b>Does not own:</b> the server (Camel's platform-http), what routes do.
 *
 * <p><b>Invariants:</b> nothing runs before the caller is known; paths match whole segments, never prefixes; no header of
 * the outside becomes one of Camel's.
 *
 * <p><b>Failure states:</b> every exception becomes an answer here; none leaves.
 */
package org.caravan.api.http;
