/**
 * A subscription's projects at Keystone: made, tied, disabled at its end.
 *
 * <p><b>Owns:</b> how far each subscription is (tables {@code provisioning}, {@code project_ending}), the names of projects,
 * what follows a failure.
 *
 * <p><b>Does not own:</b> how Keystone is asked (common.keystone), the tie (subscription.tie), who may order it (api).
 *
 * <p><b>Invariants:</b> what is about to be done is written before each call, what came of it after; a run that is killed
 * anywhere is gone on with, by any hub, and comes to the same end. What a run undoes is what it did: a project that was there
 * before is never touched, nor a role. One hub at a time works on a subscription.
 *
 * <p><b>Meanings of time:</b> leases are the database's clock's, the next try the hub's.
 *
 * <p><b>Failure states:</b> Keystone that is away is tried again, with back-off; what it rejects, or is away for too long, ends
 * the run: its roles are taken back, its projects disabled, the subscription says {@code failed} and why.
 */
package org.caravan.subscription.provision;
