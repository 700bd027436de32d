package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the ledger stands at one moment: for those who watch it, not for those who bill from it. Reads no entry but the first
 * of each month, so that its cost depends on the number of batches, positions and closed months alone.
 *
 * @param lastCommit when the newest batch was committed, by the database's clock; null if there is none
 * @param totals records by outcome, since the ledger was begun
 * @param sources in order of name
 * @param months those with usage or with a state, oldest first
 * @param quarantine held records by kind ({@code unusable}, {@code conflict}); a kind without any is left out
 */
public record LedgerStatus(
        Instant lastCommit,
        BatchTotals.Totals totals,
        List<Source> sources,
        List<Month> months,
        List<Held> quarantine) {
    /** Positions told per source: those that moved last. */
    public static final int POSITIONS = 5;

    public LedgerStatus {
        sources = List.copyOf(sources);
        months = List.copyOf(months);
        quarantine = List.copyOf(quarantine);
    }

    /**
     * A source and its positions.
     *
     * @param kind what it is read with; null if the ledger knows only positions of it
     * @param since when it was made known; null as {@code kind}
     * @param configured false if no hub reads it any more, or none ever said so
     * @param ratedUntil usage before it is in the ledger; null if it never reported
     * @param declared true if a person said so
     * @param lastError the last failure since the last success, or null
     * @param lastErrorAt when that was, or null
     * @param positions all it ever had: files, partitions
     * @param unfinished those that are not read to their end; a partition never is
     * @param lastMoved when any of them moved last; null if there is none
     * @param newest those that moved last, newest first, at most {@link LedgerStatus#POSITIONS}
     * @param partitions of the topic that it is read from, in their order; empty for other kinds
     */
    public record Source(
            String name,
            String kind,
            Instant since,
            boolean configured,
            Instant ratedUntil,
            boolean declared,
            String lastError,
            Instant lastErrorAt,
            long positions,
            long unfinished,
            Instant lastMoved,
            List<Position> newest,
            List<Partition> partitions) {
        /** Records that its partitions hold and the ledger does not, as last seen. */
        public long lag() {
            return partitions.stream().mapToLong(Partition::lag).sum();
        }
    }

    /**
     * A partition of a topic. One topic may stand here twice, where it was deleted and made again and nobody has decided
     * yet how to go on.
     *
     * @param position the first offset that is not in the ledger
     * @param logStart first offset that the log was last seen to hold
     * @param logEnd offset behind the last one
     * @param seen when that was
     * @param stopped why nothing is read of it until a person decides, or null
     * @param stoppedAt since when, or null
     */
    public record Partition(
            String topic,
            int partition,
            String key,
            long position,
            long logStart,
            long logEnd,
            Instant seen,
            String stopped,
            Instant stoppedAt) {
        /** Records, and marks of transactions, that are still to be read. */
        public long lag() {
            return Math.max(0, logEnd - Math.max(position, logStart));
        }
    }

    /**
     * Where reading goes on.
     *
     * @param value the first position not yet committed
     * @param done true if it was read to its end
     */
    public record Position(String key, long value, boolean done, Instant updated) {}

    /**
     * A billing month over all tenants.
     *
     * @param usage true if the ledger has entries of it
     * @param open tenants that are known to be open in it; a tenant without a state of its own is not counted
     * @param closing tenants whose document is being built, or whose closing broke off
     * @param closed tenants
     */
    public record Month(YearMonth month, boolean usage, long open, long closing, long closed) {
        /** True if there is usage to be billed: no tenant is closed yet, or some are known not to be. */
        public boolean isOpen() {
            return usage && (closed == 0 || open + closing > 0);
        }
    }

    /** Records of one kind in quarantine. */
    public record Held(String kind, long records, Instant oldest) {}

    /** The oldest month that is still to be billed, or null. */
    public YearMonth oldestOpenMonth() {
        return months.stream()
                .filter(Month::isOpen)
                .map(Month::month)
                .findFirst()
                .orElse(null);
    }

    /** Records in quarantine. */
    public long held() {
        return quarantine.stream().mapToLong(Held::records).sum();
    }

    /**
     * Looks once.
     *
     * @param connection within a transaction of one snapshot (repeatable read)
     * @param totals kept by the caller from look to look, which makes later ones cheap
     */
    public static LedgerStatus read(Connection connection, BatchTotals totals) throws SQLException {
        return new LedgerStatus(
                lastCommit(connection),
                totals.read(connection),
                sources(connection),
                months(connection),
                quarantine(connection));
    }

    /** By the primary key. */
    private static Instant lastCommit(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select committed_at from batch order by id desc limit 1")) {
            return row.next() ? instant(row, 1) : null;
        }
    }

    /**
     * The sources in order of name. Reads both tables whole: a row per source, a row per file or partition.
     *
     * @param connection within a transaction of one snapshot (repeatable read)
     */
    public static List<Source> sources(Connection connection) throws SQLException {
        Map<String, List<Position>> newest = newest(connection);
        Map<String, List<Partition>> partitions = partitions(connection);
        String sql =
                """
                select coalesce(s.name, p.source), s.kind, s.created_at, coalesce(s.configured, false), s.rated_until,
                       coalesce(s.declared, false), s.last_error, s.last_error_at,
                       coalesce(p.positions, 0), coalesce(p.unfinished, 0), p.last_moved
                  from source s
                  full join (select source, count(*) as positions, count(*) filter (where not done) as unfinished,
                                    max(updated_at) as last_moved
                               from position group by source) p on p.source = s.name
                 order by coalesce(s.name, p.source) collate "C"
                """;
        List<Source> sources = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                sources.add(new Source(
                        row.getString(1),
                        row.getString(2),
                        instant(row, 3),
                        row.getBoolean(4),
                        instant(row, 5),
                        row.getBoolean(6),
                        row.getString(7),
                        instant(row, 8),
                        row.getLong(9),
                        row.getLong(10),
                        instant(row, 11),
                        List.copyOf(newest.getOrDefault(row.getString(1), List.of())),
                        List.copyOf(partitions.getOrDefault(row.getString(1), List.of()))));
            }
        }
        return sources;
    }

    private static Map<String, List<Position>> newest(Connection connection) throws SQLException {
        String sql =
                """
                select source, key, value, done, updated_at
                  from (select *, row_number() over (partition by source order by updated_at desc, key collate "C") as place
                          from position) as p
                 where place <= ? order by source, place
                """;
        Map<String, List<Position>> newest = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(1, POSITIONS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    newest.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                            .add(new Position(row.getString(2), row.getLong(3), row.getBoolean(4), instant(row, 5)));
                }
            }
        }
        return newest;
    }

    private static Map<String, List<Partition>> partitions(Connection connection) throws SQLException {
        String sql =
                """
                select t.source, t.topic, t.partition, t.key, p.value, t.log_start, t.log_end, t.seen_at, t.stopped,
                       t.stopped_at
                  from topic_partition t join position p on p.source = t.source and p.key = t.key
                 where t.current order by t.source, t.topic, t.partition, t.seen_at
                """;
        Map<String, List<Partition>> partitions = new LinkedHashMap<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                partitions
                        .computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(new Partition(
                                row.getString(2),
                                row.getInt(3),
                                row.getString(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                instant(row, 8),
                                row.getString(9),
                                instant(row, 10)));
            }
        }
        return partitions;
    }

    /** Whether there is usage: the first row of the month's partition. The states: index month_state alone. */
    private static List<Month> months(Connection connection) throws SQLException {
        String sql =
                """
                with known as (
                  select to_date(right(c.relname, 7), 'YYYY_MM') as month
                    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'entry'::regclass
                ), state as (
                  select month, count(*) filter (where state = 'open') as open,
                         count(*) filter (where state = 'closing') as closing,
                         count(*) filter (where state = 'closed') as closed
                    from month group by month
                )
                select month, exists (select from entry e where e.billing_month = month), coalesce(open, 0),
                       coalesce(closing, 0), coalesce(closed, 0)
                  from known full join state using (month) order by month
                """;
        List<Month> months = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                Month month = new Month(
                        YearMonth.from(row.getDate(1).toLocalDate()),
                        row.getBoolean(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5));
                if (month.usage() || month.open() + month.closing() + month.closed() > 0) {
                    months.add(month);
                }
            }
        }
        return months;
    }

    /** The held rows alone, by index quarantine_held. */
    private static List<Held> quarantine(Connection connection) throws SQLException {
        List<Held> held = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        """
                        select kind, count(*), min(created_at) from quarantine where state = 'held'
                         group by kind order by kind
                        """)) {
            while (row.next()) {
                held.add(new Held(row.getString(1), row.getLong(2), instant(row, 3)));
            }
        }
        return held;
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
