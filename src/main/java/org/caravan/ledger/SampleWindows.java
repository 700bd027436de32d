package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.metering.MessageReader;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.PositionRange;
import org.caravan.metering.SampleWindow;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.sample.SampleRules;
import org.caravan.metering.sample.UsageLines;
import org.caravan.metering.sample.Window;

/**
 * Makes usage of samples, hour by hour and tenant by tenant. What it gives is a batch like any other, to be rated and committed;
 * the commit sees that the samples are still the same, bills, and moves the tenants' positions, in one transaction. For one
 * thread; any number of hubs may be at it.
 */
public final class SampleWindows {
    /** Records of a tenant's hour, at most: a power of two, so that a position is an hour and a place in it. */
    private static final int PLACES = 20;

    private final DataSource dataSource;
    private final SampleSettings settings;
    private final SampleRules rules;
    private final MeterCatalog meters;
    private final MessageReader reader;
    private final SampleProgress progress;

    public SampleWindows(
            DataSource dataSource,
            SampleSettings settings,
            SampleRules rules,
            MeterCatalog meters,
            MeteringSettings metering,
            Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.rules = rules;
        this.meters = meters;
        this.reader = MessageReader.jsonl(metering, meters, clock);
        this.progress = new SampleProgress(dataSource, settings, clock);
    }

    /**
     * A tenant's next hour.
     *
     * @param before end of its last one, 0 for its first
     * @param key of its position
     */
    record Due(int tenant, String name, long before, Window window) {
        /** Where reading begins: what was left out since the last window is known to be empty, and stays looked at. */
        long readFrom() {
            return before == 0 ? 0 : before - Window.LEAD_IN;
        }

        String key() {
            return "tenant/" + tenant + " " + name;
        }
    }

    /**
     * The usage of the earliest hours that are due, of at most as many tenants as the settings say.
     *
     * @return not rated yet; without records where nothing was used; null if nothing is due
     */
    public UsageBatch next() throws SQLException {
        Optional<Long> until = progress.completeUntil();
        return until.isEmpty() ? null : batch(due(until.get()), false);
    }

    /**
     * Up to when all usage is made, once {@link #next} gives nothing: the source is rated until then.
     *
     * @return null if that is not known now
     */
    public Instant madeUntil() throws SQLException {
        Optional<Long> until = progress.completeUntil();
        if (until.isEmpty() || until.get() <= 0 || !due(until.get()).isEmpty()) {
            return null;
        }
        return instant(Window.of(until.get()).begin());
    }

    /**
     * The usage of an hour that was billed before, made of all samples that there are by now: what differs comes into quarantine
     * as a conflict.
     *
     * @param begin of the hour
     * @throws UserError if there is nothing to compute again
     */
    public UsageBatch again(String tenant, Instant begin) throws SQLException {
        Window window = Window.of(ChronoUnit.MICROS.between(Instant.EPOCH, begin));
        String sql =
                """
                select id, collected_until, pruned_until from sample_tenant where realm = ? and name = ?
                """;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, rules.realm());
            select.setString(2, tenant);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new UserError("tenant '" + tenant + "': no sample of it ever came");
                }
                if (row.getLong(2) < window.end()) {
                    throw new UserError("tenant '" + tenant + "': usage of the hour " + instant(window.begin())
                            + " has not been made yet, so there is nothing to make again");
                }
                if (row.getLong(3) > window.readFrom()) {
                    throw new UserError("tenant '" + tenant + "': samples of the hour " + instant(window.begin())
                            + " were removed (caravan.ceilometer.retention), so it can't be computed again; bill the"
                            + " difference by a file of usage");
                }
                return batch(List.of(new Due(row.getInt(1), tenant, window.begin(), window)), true);
            }
        }
    }

    private List<Due> due(long until) throws SQLException {
        String sql =
                """
                with first as (
                  select t.id, t.name, coalesce(t.collected_until, 0) as before,
                         greatest(coalesce(t.collected_until, 0), s.at - s.at % ?) as begin
                    from sample_tenant t cross join lateral (
                      select at from sample where tenant = t.id and at >= coalesce(t.collected_until, ?) - ?
                       order by at limit 1) s
                   where t.realm = ?
                )
                select id, name, before, begin from first where begin + ? <= ? order by begin, id limit ?
                """;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, Window.HOUR);
            select.setLong(2, Window.LEAD_IN);
            select.setLong(3, Window.LEAD_IN);
            select.setString(4, rules.realm());
            select.setLong(5, Window.HOUR);
            select.setLong(6, until);
            select.setInt(7, settings.tenants());
            List<Due> due = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    due.add(new Due(row.getInt(1), row.getString(2), row.getLong(3), Window.of(row.getLong(4))));
                }
            }
            return due;
        }
    }

    private UsageBatch batch(List<Due> due, boolean again) throws SQLException {
        if (due.isEmpty()) {
            return null;
        }
        List<PositionRange> positions = new ArrayList<>();
        for (Due one : due) {
            positions.add(again ? next(one) : range(one));
        }
        UsageLines lines = new UsageLines(positions);
        long[] samples = new SampleRead(dataSource, rules, meters, 1 << PLACES).into(lines, due, positions, again);
        List<SampleWindow> windows = new ArrayList<>();
        for (int i = 0; i < due.size(); i++) {
            Due one = due.get(i);
            windows.add(new SampleWindow(
                    one.tenant(), one.before(), one.readFrom(), one.window().end(), samples[i], again));
        }
        UsageBatch batch = reader.read(lines);
        batch.setWindows(windows);
        return batch;
    }

    private PositionRange range(Due due) {
        return new PositionRange(
                settings.source(),
                due.key(),
                due.before() / Window.HOUR << PLACES,
                due.window().end() / Window.HOUR << PLACES,
                false);
    }

    /** A stretch that nothing was committed under: each time that an hour is made again is a batch of its own. */
    private PositionRange next(Due due) throws SQLException {
        String key = "again/" + due.tenant() + "/" + instant(due.window().begin()) + " " + due.name();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select value from position where source = ? and key = ?")) {
            select.setString(1, settings.source());
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
                long from = row.next() ? row.getLong(1) : 0;
                return new PositionRange(settings.source(), key, from, from + (1 << PLACES), false);
            }
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
