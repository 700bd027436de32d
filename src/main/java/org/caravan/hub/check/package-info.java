/**
 * Looking at everything a hub would use, before it is started or beside one that runs.
 *
 * <p><b>Owns:</b> what a look found, how it is told, how long one may take; whether routes, connectors and addresses can be
 * used; what is known of the security of what is shipped and of how it is installed.
 *
 * <p><b>Does not own:</b> what is right: each file, source and connector is tried by what reads it in the hub.
 *
 * <p><b>Invariants:</b> nothing is changed: no file is written, no document sent, no position moved, no migration run, no server
 * started; a bad thing never hides its neighbours; each look is bounded in time; no secret is in what it says.
 *
 * <p><b>Failure states:</b> none of its own: whatever fails is a finding.
 */
package org.caravan.hub.check;
