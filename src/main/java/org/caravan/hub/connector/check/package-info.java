/**
 * {@code caravan connector test}: the commit contract as checks against a connector's real target.
 *
 * <p><b>Owns:</b> the checks and what each expects of a connector by what it declares ({@code caravan/repeat}), the fault point
 * between connector and target, the test documents.
 *
 * <p><b>Does not own:</b> how a document is committed: that is the outbox's own code (invoice.TrialOutbox), over a ledger that is
 * thrown away; which connectors there are (hub.connector).
 *
 * <p><b>Invariants:</b> a check that can't see what it is named for is skipped and says so, never passed; documents are the run's
 * own, marked, and all that may be at the target afterwards is named; faults are made on the way to the target, never by it, so
 * that a connector needs no help of its own.
 *
 * <p><b>Meanings of time:</b> that time has passed is said, not waited for; only a call itself takes as long as it takes, at most
 * the lease of a delivery.
 *
 * <p><b>Failure states:</b> failed with what has to be changed; a call that does not end at all ends the run.
 */
package org.caravan.hub.connector.check;
