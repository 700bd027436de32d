/**
 * Trying a source of usage before, or while, it is relied on.
 *
 * <p><b>Owns:</b> what a try of a source is, and what it found.
 *
 * <p><b>Does not own:</b> how each kind is tried: that stands beside the source itself (hub.inbox, hub.kafka, hub.push,
 * hub.sql).
 *
 * <p><b>Invariants:</b> a try takes nothing in and changes nothing, neither in the source nor in the ledger; whatever it meets
 * is a finding with its remedy, never an exception; each wait is bounded.
 *
 * <p><b>Failure states:</b> none of its own.
 */
package org.caravan.hub.source;
