package org.caravan.hub.sql;

import static org.caravan.hub.source.SourceFinding.bad;
import static org.caravan.hub.source.SourceFinding.good;
import static org.caravan.hub.source.SourceFinding.warning;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;

/** Tries a table: whether it can be read, how many rows it has, what is newest, and whether rows become records. */
public final class SqlCheck implements SourceCheck {
    private static final int FIRST_ROWS = 100;
    private static final Duration MOST_SKEW = Duration.ofSeconds(30);

    private final SqlSettings settings;
    private final DataSource database;
    private final int timeoutSeconds;
    private final MeteringSettings metering;
    private final MeterCatalog meters;
    private final Clock clock;

    /** @param timeoutSeconds longest that one query may take */
    public SqlCheck(
            SqlSettings settings,
            DataSource database,
            int timeoutSeconds,
            MeteringSettings metering,
            MeterCatalog meters,
            Clock clock) {
        this.settings = settings;
        this.database = database;
        this.timeoutSeconds = timeoutSeconds;
        this.metering = metering.withReadAhead(0).with("refuseAbove", Integer.MAX_VALUE);
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return settings.source();
    }

    @Override
    public String kind() {
        return SqlSource.KIND;
    }

    @Override
    public List<SourceFinding> check() {
        List<SourceFinding> found = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            found.add(good(
                    "reachable",
                    connection.getMetaData().getDatabaseProductName() + " "
                            + connection.getMetaData().getDatabaseProductVersion()));
            look(connection, found);
        } catch (SQLException e) {
            found.add(bad(
                    found.isEmpty() ? "reachable" : "permission",
                    SqlFailure.line(e),
                    found.isEmpty()
                            ? "see caravan.sql.url, .user and .passwordFile, and that the database runs"
                            : "see caravan.sql.table, .columns, .watermark and .tieBreaker, and that "
                                    + "this user may select from the table"));
        }
        return found;
    }

    private void look(Connection connection, List<SourceFinding> found) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(timeoutSeconds);
            SqlTimes.Kind kind;
            try (ResultSet none = statement.executeQuery(settings.query().shape())) {
                kind = SqlTimes.kind(none.getMetaData(), 1);
                if (kind == SqlTimes.Kind.NONE) {
                    found.add(bad(
                            "watermark",
                            settings.query().watermark() + " is "
                                    + none.getMetaData().getColumnTypeName(1),
                            "name a column of time with caravan.sql.watermark"));
                    return;
                }
            }
            found.add(clock(statement));
            counts(statement, kind, found);
            statement.setMaxRows(FIRST_ROWS);
            found.add(records(statement));
        }
    }

    private void counts(Statement statement, SqlTimes.Kind kind, List<SourceFinding> found) throws SQLException {
        String watermark = settings.query().watermark();
        try (ResultSet row = statement.executeQuery("select max(" + watermark + "), count(*), count(" + watermark
                + ") from " + settings.query().table())) {
            row.next();
            Object newest = SqlTimes.read(row, 1, kind);
            long all = row.getLong(2);
            long without = all - row.getLong(3);
            found.add(
                    all == 0
                            ? warning("rows", "the table is empty", "see that something is written to it")
                            : good(
                                    "rows",
                                    all + ", the newest written at " + new SqlTimes(settings.zone()).moment(newest)));
            if (without > 0) {
                found.add(bad(
                        "watermark",
                        without + " rows have none (" + watermark + " is null): they are never read",
                        "give them one, or name another column with caravan.sql.watermark"));
            }
        }
    }

    /** Rows are read up to a delay ago by our clock: theirs should not be far from it. */
    private SourceFinding clock(Statement statement) {
        try (ResultSet row = statement.executeQuery("select current_timestamp")) {
            row.next();
            Instant theirs = row.getTimestamp(1).toInstant();
            Duration skew = Duration.between(clock.instant(), theirs);
            return skew.abs().compareTo(MOST_SKEW) > 0
                    ? warning(
                            "clock",
                            "the database's is " + Math.abs(skew.toSeconds()) + " s "
                                    + (skew.isNegative() ? "behind" : "ahead of") + " this machine's",
                            "set the clocks, or make caravan.sql.delay and .overlap longer by that")
                    : good("clock", "agrees with this machine's");
        } catch (SQLException e) {
            return good("clock", "was not compared: the database has no plain current_timestamp");
        }
    }

    /** Whether some of its rows can be used. */
    private SourceFinding records(Statement statement) throws SQLException {
        StringBuilder lines = new StringBuilder();
        SqlRows rows = new SqlRows(settings);
        int count = 0;
        try (ResultSet row = statement.executeQuery(settings.query().newestFirst())) {
            while (row.next() && count < FIRST_ROWS) {
                lines.append(rows.read(row, count++).record()).append('\n');
            }
        }
        if (count == 0) {
            return good("records", "there is no row to try");
        }
        UsageInput input = UsageInput.of(
                new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)), "the table's rows");
        try (UsageBatches batches = UsageBatches.jsonl(input, metering, meters, clock)) {
            UsageBatch batch = batches.next();
            int unusable = batch.rejected().size();
            return unusable == 0
                    ? good("records", "the newest " + count + " rows can be used")
                    : warning(
                            "records",
                            unusable + " of the newest " + count + " rows can't be used, the first: "
                                    + batch.rejected().get(0).reason(),
                            "they would go to quarantine; see caravan.sql.columns");
        }
    }
}
