package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.metering.sample.Window;

/**
 * How the samples stand at one moment.
 *
 * @param held samples that are kept
 * @param tenants tenants that samples ever came of
 * @param lateOpen samples that came after usage of their hour was made, and have no part in it
 * @param lateHours the hours that these are of, oldest first, at most {@link #HOURS}
 * @param counts what became of samples, by source
 */
public record SampleStatus(long held, long tenants, long lateOpen, List<LateHour> lateHours, List<Count> counts) {
    /** Hours with late samples that are told. */
    public static final int HOURS = 20;

    /** Before anything was seen. */
    public static final SampleStatus NOTHING = new SampleStatus(0, 0, 0, List.of(), List.of());

    public SampleStatus {
        lateHours = List.copyOf(lateHours);
        counts = List.copyOf(counts);
    }

    /** An hour of a tenant with late samples. */
    public record LateHour(String tenant, Instant begin, long samples) {}

    /**
     * What became of a source's samples since it was begun.
     *
     * @param untrustedName one of the sources that are not trusted, as its samples called it; or null
     */
    public record Count(
            String source,
            long stored,
            long late,
            long duplicate,
            long untrusted,
            long ignored,
            long unmapped,
            long quarantined,
            String untrustedName) {}

    /** Looks. */
    public static final class Reader {
        private final DataSource dataSource;

        public Reader(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** Looks once: at a row per tenant and at the late samples. */
        public SampleStatus read() throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
                long[] sums = sums(connection);
                return new SampleStatus(sums[0], sums[1], sums[2], lateHours(connection), counts(connection));
            }
        }
    }

    private static long[] sums(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        """
                        select coalesce(sum(held), 0), count(*), (select count(*) from sample where late)
                          from sample_tenant
                        """)) {
            row.next();
            return new long[] {row.getLong(1), row.getLong(2), row.getLong(3)};
        }
    }

    private static List<LateHour> lateHours(Connection connection) throws SQLException {
        List<LateHour> hours = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select t.name, s.at - s.at % ? as begin, count(*) from sample s join sample_tenant t on t.id = s.tenant
                 where s.late group by 1, 2 order by 2, 1 limit ?
                """)) {
            select.setLong(1, Window.HOUR);
            select.setInt(2, HOURS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    hours.add(new LateHour(
                            row.getString(1), Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS), row.getLong(3)));
                }
            }
        }
        return hours;
    }

    private static List<Count> counts(Connection connection) throws SQLException {
        List<Count> counts = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        """
                        select source, stored, late, duplicate, untrusted, ignored, unmapped, quarantined, untrusted_name
                          from sample_count order by source collate "C"
                        """)) {
            while (row.next()) {
                counts.add(new Count(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getString(9)));
            }
        }
        return counts;
    }
}
