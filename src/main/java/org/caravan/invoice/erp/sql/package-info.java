/**
 * What {@code connectors/sql-sink.kamelet.yaml} needs beside camel-sql; also for SQL connectors of your own.
 *
 * <p><b>Owns:</b> how an invoice becomes rows, the transaction around the steps that write them, the connection to the
 * target's database.
 *
 * <p><b>Does not own:</b> the statements (the Kamelet), the ledger's database (hub.db).
 *
 * <p><b>Invariants:</b> header and lines of an invoice are there together or not at all; a key is there once; numbers go as
 * exact decimals.
 *
 * <p><b>Meanings of time:</b> period_from and period_to are UTC, the second exclusive.
 *
 * <p><b>Failure states:</b> a database that can't be reached has got nothing or everything: repeating is safe.
 */
package org.caravan.invoice.erp.sql;
