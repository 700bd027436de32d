/**
 * A table of another database as a source of the ledger.
 *
 * <p><b>Owns:</b> what the route {@code metering-sql} asks beside camel-sql: what it selects, where reading goes on, which rows
 * make a page, how far the table is rated.
 *
 * <p><b>Does not own:</b> running the query (camel-sql), how a row becomes a record (metering, as JSON), what is billed and
 * where reading stands (ledger).
 *
 * <p><b>Invariants:</b> the table is only read. Pages follow each other by (watermark, tie-breaker), so that equal watermarks
 * may lie across a border; a page and the watermark that it moves are one transaction, which does nothing if another hub has
 * read on. Reading begins {@code overlap} before where it stood, since a row may be committed after its watermark; what was
 * read before is known by what it is. A tie-breaker that does not tell rows apart stops reading.
 *
 * <p><b>Meanings of time:</b> watermarks are moments; without an offset they are of {@code caravan.sql.zone}. The table is
 * read up to {@code delay} ago by the hub's clock, and rated until a month's end once it was read beyond that and {@code
 * caravan.close.grace}.
 *
 * <p><b>Failure states:</b> the database or the ledger is away, or the query is refused: nothing moves, and it is tried again,
 * later each time; a row that can't be used is set aside alone. A row committed later than {@code overlap} after its
 * watermark is never seen.
 */
package org.caravan.hub.sql;
