package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedSet;

/** Which batches may hold records of a re-rating, portion by portion, in order of their first record's begin. */
public final class RerateBatches {
    /** Batches looked at for one portion. */
    private static final int MAX_BATCHES = 1_000;

    private RerateBatches() {}

    /**
     * How far a pass over the batches has come.
     *
     * @param above only batches with a higher id
     * @param through up to this one
     * @param at first begin of the last batch done, or null at the beginning
     * @param batch its id
     */
    public record Place(long above, long through, Instant at, long batch) {
        public static Place begin(long above, long through) {
            return new Place(above, through, null, 0);
        }
    }

    /**
     * Batches to be done at once.
     *
     * @param batches ids; may be empty where nothing of the stretch concerns the tenants
     * @param next where the following portion begins
     */
    public record Portion(List<Long> batches, Place next) {
        public Portion {
            batches = List.copyOf(batches);
        }
    }

    /**
     * The next portion of a pass, or null if there is none.
     *
     * @param maxRecords records of all its batches, unless a single one has more
     */
    public static Portion next(Connection connection, RerateScope scope, Place place, int maxRecords)
            throws SQLException {
        BitSet wanted = new BitSet();
        scope.buckets().forEach(wanted::set);
        List<Long> batches = new ArrayList<>();
        Place next = null;
        long records = 0;
        try (PreparedStatement select = connection.prepareStatement(
                """
                select id, first_begin, records, buckets from batch
                 where accepted > 0 and id > ? and id <= ? and first_begin < ? and last_end > ? and (first_begin, id) > (?, ?)
                 order by first_begin, id limit ?
                """)) {
            select.setLong(1, place.above());
            select.setLong(2, place.through());
            select.setObject(3, time(scope.until()));
            select.setObject(4, time(scope.from()));
            select.setObject(
                    5, place.at() == null ? OffsetDateTime.MIN : place.at().atOffset(ZoneOffset.UTC));
            select.setLong(6, place.batch());
            select.setInt(7, MAX_BATCHES);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    boolean concerned = BitSet.valueOf(row.getBytes(4)).intersects(wanted);
                    if (concerned && !batches.isEmpty() && records + row.getLong(3) > maxRecords) {
                        break;
                    }
                    if (concerned) {
                        batches.add(row.getLong(1));
                        records += row.getLong(3);
                    }
                    Instant at = row.getObject(2, OffsetDateTime.class).toInstant();
                    next = new Place(place.above(), place.through(), at, row.getLong(1));
                }
            }
        }
        return next == null ? null : new Portion(batches, next);
    }

    /**
     * Locks the buckets and tells the highest batch id drawn so far. Whatever changes them later has a higher id, and
     * everything up to it can be seen: ids are drawn under the locks.
     */
    public static long drawn(Connection connection, SortedSet<Integer> buckets) throws SQLException {
        Buckets.lock(connection, buckets);
        try (Statement select = connection.createStatement();
                ResultSet row =
                        select.executeQuery("select case when is_called then last_value else 0 end from batch_id")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static OffsetDateTime time(long micros) {
        return micros == Long.MAX_VALUE
                ? OffsetDateTime.MAX
                : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
