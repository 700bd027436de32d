/**
 * The inbox of usage files as a source of the ledger.
 *
 * <p><b>Owns:</b> what the route {@code metering-files} asks at each file and at each quiet look into the inbox: when a
 * file is due, what became of it, how far the inbox is rated.
 *
 * <p><b>Does not own:</b> how files move and what they are called (metering), what is billed (ledger; positions and
 * identity of records decide, never a name or a place of a file), when a month closes (invoice).
 *
 * <p><b>Invariants:</b> a file leaves the inbox only after its last batch was committed, or with a reason beside it; a
 * failure that is not the file's own moves nothing; while anything waits, or a refused file was not looked after, the
 * source is not rated any further.
 *
 * <p><b>Meanings of time:</b> the inbox is rated until the begin of the month (UTC) that was running {@code
 * caravan.close.grace} ago.
 *
 * <p><b>Failure states:</b> refused file (in {@code .failed/}, holds the months that follow), postponed file (the
 * database or the disk failed; read again, later each time), lost inbox (its {@code .done/} is gone; nothing is rated).
 */
package org.caravan.hub.inbox;
