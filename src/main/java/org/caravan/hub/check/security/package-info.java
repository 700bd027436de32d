/**
 * Whether a hub is safe as it is shipped, configured and installed.
 *
 * <p><b>Owns:</b> the advisories of what is shipped, read against the jars on the class path; who can reach the hub's servers;
 * who on this machine can read its secrets or change its code.
 *
 * <p><b>Does not own:</b> what the hub does against strangers: that stands where it is done (hub.http, api.http, common).
 *
 * <p><b>Invariants:</b> nothing is changed and nobody is asked; an advisory is listed only where its id and range are known; the
 * list says of what day it is.
 *
 * <p><b>Failure states:</b> none of its own: whatever fails is a finding.
 */
package org.caravan.hub.check.security;
