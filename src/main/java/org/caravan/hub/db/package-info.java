/**
 * The database the hub runs itself, and the pool over it or over an external one.
 *
 * <p><b>Owns:</b> the PostgreSQL binaries and where they are unpacked, the data directory's lock, start, stop and
 * take-over of the server, its restart after it ended by itself, the connection pool.
 *
 * <p><b>Does not own:</b> the schema and everything in it (ledger).
 *
 * <p><b>Invariants:</b> a data directory is used by one hub at a time; the server listens on the loopback interface
 * only and wants a password; a server that outlived its hub is used and stopped, never doubled; the server never runs
 * with the rights of root.
 *
 * <p><b>Failure states:</b> a server that can't start is a {@link org.caravan.common.UserError} with the server's own
 * last words; one that ended by itself is started again for as long as its hub runs.
 */
package org.caravan.hub.db;
