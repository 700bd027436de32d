package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What became of all records that were ever committed, summed over the batches. The first look reads every batch's row;
 * later ones of the same object only those that are new, by the primary key, so that looking often costs little.
 *
 * <p>Ids commit out of order, so a batch counts as known for good only once every transaction has ended that may have
 * drawn an id up to it: an id that was the sequence's last before some snapshot was drawn by a transaction below that
 * snapshot's upper bound, and those have all ended once a later snapshot's lower bound has reached it.
 * (A batch that locks neither position nor bucket may draw its id before the database's snapshots know its transaction; if
 * others are counted for good before it commits, it is missing from these totals, and from nothing else, until they are
 * made anew.)
 */
public final class BatchTotals {
    private static final String SINCE =
            """
            select count(*), coalesce(sum(records), 0), coalesce(sum(accepted), 0), coalesce(sum(duplicate), 0),
                   coalesce(sum(conflict), 0), coalesce(sum(quarantined), 0), coalesce(sum(unpriced), 0)
              from batch where id > ? and id <= ?
            """;

    private Totals known = new Totals(0, 0, 0, 0, 0, 0, 0);
    private long knownUpTo;
    /** The next id to be known up to, or 0; and the upper bound of the transactions that may have drawn it, or 0. */
    private long candidate;

    private long candidateBound;

    /**
     * Records by outcome.
     *
     * @param batches committed
     * @param records read; the sum of the outcomes accepted to quarantined
     * @param unpriced those of the accepted for which no rule was found
     */
    public record Totals(
            long batches, long records, long accepted, long duplicate, long conflict, long quarantined, long unpriced) {
        private Totals plus(Totals other) {
            return new Totals(
                    batches + other.batches,
                    records + other.records,
                    accepted + other.accepted,
                    duplicate + other.duplicate,
                    conflict + other.conflict,
                    quarantined + other.quarantined,
                    unpriced + other.unpriced);
        }
    }

    /**
     * The totals as the caller's transaction sees them.
     *
     * @param connection within a transaction of one snapshot (repeatable read)
     */
    public synchronized Totals read(Connection connection) throws SQLException {
        long lowest;
        long highest;
        long lastDrawn;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        """
                        select pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                               pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                               (select case when is_called then last_value else 0 end from batch_id)
                        """)) {
            row.next();
            lowest = row.getLong(1);
            highest = row.getLong(2);
            lastDrawn = row.getLong(3);
        }
        if (candidate != 0 && candidateBound == 0) {
            candidateBound = highest;
        }
        if (candidateBound != 0 && lowest >= candidateBound) {
            known = known.plus(sum(connection, knownUpTo, candidate));
            knownUpTo = candidate;
            candidate = 0;
            candidateBound = 0;
        }
        // of a ledger without any batch nothing is drawn yet, and its first id is still to come
        if (candidate == 0) {
            candidate = lastDrawn;
        }
        return known.plus(sum(connection, knownUpTo, Long.MAX_VALUE));
    }

    private static Totals sum(Connection connection, long above, long upTo) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SINCE)) {
            select.setLong(1, above);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Totals(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7));
            }
        }
    }
}
