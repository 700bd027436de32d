package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageJson;
import org.caravan.metering.sample.Sample;
import org.caravan.metering.sample.SampleRules;
import org.caravan.metering.sample.Transform;
import org.caravan.metering.sample.UsageLines;

/** Reads the samples of windows, resource by resource in flat memory, and turns them into usage. */
final class SampleRead {
    private static final int FETCH_ROWS = 5_000;

    private static final String SQL =
            """
            select w.place, s.meter, s.resource, s.at, s.id, s.unit, s.volume, s.metadata, s.late
              from unnest(?, ?, ?) with ordinality as w (tenant, since, until, place)
              join sample s on s.tenant = w.tenant and s.at >= w.since and s.at < w.until
             order by w.place, s.meter collate "C", s.resource collate "C", s.at, s.id
            """;

    private final DataSource dataSource;
    private final SampleRules rules;
    private final MeterCatalog meters;
    private final int most;

    private UsageLines lines;
    private List<SampleWindows.Due> windows;
    private List<PositionRange> positions;
    private boolean again;
    private int[] records;

    // of one meter and resource of one window
    private int place = -1;
    private final List<Sample> samples = new ArrayList<>();
    private final List<Sample> inTime = new ArrayList<>();

    /** @param most records of a tenant's hour */
    SampleRead(DataSource dataSource, SampleRules rules, MeterCatalog meters, int most) {
        this.dataSource = dataSource;
        this.rules = rules;
        this.meters = meters;
        this.most = most;
    }

    /** @return how many samples each window has */
    long[] into(UsageLines into, List<SampleWindows.Due> due, List<PositionRange> ranges, boolean madeAgain)
            throws SQLException {
        lines = into;
        windows = due;
        positions = ranges;
        again = madeAgain;
        records = new int[due.size()];
        long[] counts = new long[due.size()];
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(SQL)) {
                select.setFetchSize(FETCH_ROWS);
                array(connection, select, 1, "int4", SampleWindows.Due::tenant);
                array(connection, select, 2, "int8", SampleWindows.Due::readFrom);
                array(connection, select, 3, "int8", one -> one.window().end());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        int at = row.getInt(1) - 1;
                        counts[at]++;
                        add(at, row);
                    }
                    flush();
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(autoCommit);
            }
        }
        return counts;
    }

    private void add(int at, ResultSet row) throws SQLException {
        String meter = row.getString(2);
        String resource = row.getString(3);
        if (place != at
                || !samples.get(0).meter().equals(meter)
                || !samples.get(0).resource().equals(resource)) {
            flush();
            place = at;
        }
        Sample sample = new Sample(
                (UUID) row.getObject(5),
                windows.get(at).name(),
                row.getLong(4),
                meter,
                resource,
                row.getString(6),
                row.getBigDecimal(7),
                metadata(row.getString(8)));
        samples.add(sample);
        if (!row.getBoolean(9)) {
            inTime.add(sample);
        }
    }

    private void flush() {
        if (samples.isEmpty()) {
            return;
        }
        SampleWindows.Due due = windows.get(place);
        List<Transform> transforms = meters.transforms(samples.get(0).meter());
        // a tenant that is not chosen any more: its hours go by without usage
        if (!transforms.isEmpty() && rules.isChosen(due.name())) {
            long first = positions.get(place).to() - most;
            records[place] = again
                    ? lines.addAgain(
                            rules, due.name(), transforms, samples, inTime, due.window(), place, first, records[place])
                    : lines.add(rules, due.name(), transforms, samples, due.window(), place, first, records[place]);
            if (records[place] > most) {
                throw new UserError(
                        1, "tenant '" + due.name() + "': more than " + most + " usage records in an hour", null);
            }
        }
        samples.clear();
        inTime.clear();
        place = -1;
    }

    private static Map<String, String> metadata(String json) {
        Map<String, String> metadata = new HashMap<>();
        UsageJson.readMetadata(json).forEach((name, value) -> metadata.put(name, value.toString()));
        return metadata;
    }

    private void array(
            Connection connection,
            PreparedStatement select,
            int at,
            String type,
            Function<SampleWindows.Due, Object> value)
            throws SQLException {
        select.setArray(
                at, connection.createArrayOf(type, windows.stream().map(value).toArray()));
    }
}
