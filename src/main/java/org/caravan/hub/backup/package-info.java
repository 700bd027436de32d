/**
 * Backups of a ledger, and what it takes to go on from one.
 *
 * <p><b>Owns:</b> the file of a backup, taking and checking it, putting a ledger back, finding the connectors that a
 * restored ledger has to ask.
 *
 * <p><b>Does not own:</b> what is in the tables (they are read from the catalogue, so that a new one is in every backup by
 * itself), how a restored ledger comes to issue again (invoice: {@code Recovery}).
 *
 * <p><b>Invariants:</b> a backup is one snapshot of all tables; its file appears whole or not at all; nothing named in a
 * file reaches SQL or the file system that is not in the catalogue of the target; a ledger is restored whole or is marked
 * as unfinished; a restored one issues nothing before it is recovered.
 *
 * <p><b>Meanings of time:</b> {@code takenAt} is the moment of the snapshot by the injected clock.
 *
 * <p><b>Failure states:</b> a file that is damaged, cut off or made by a newer Caravan is a wrong input and leaves nothing
 * behind; a restore that was killed is begun again by the same command.
 */
package org.caravan.hub.backup;
