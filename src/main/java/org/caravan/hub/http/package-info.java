/**
 * The servers of a running hub.
 *
 * <p><b>Owns:</b> where the served APIs listen and whom they answer, that a port is really held, the threads of Camel's HTTP
 * servers, where the operator's key is kept.
 *
 * <p><b>Does not own:</b> what is answered: contracts are in api, health and metrics in management.
 *
 * <p><b>Invariants:</b> one server for all contracts; loopback unless told otherwise, and without authentication never
 * anything else; connections, headers, requests at work, bodies and time are bounded, with and without TLS.
 *
 * <p><b>Failure states:</b> a port that can't be bound ends the start; more requests at once than allowed: 503.
 */
package org.caravan.hub.http;
