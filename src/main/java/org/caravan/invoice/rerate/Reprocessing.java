package org.caravan.invoice.rerate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.Reason;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;
import org.caravan.ledger.Scopes;
import org.caravan.ledger.TenantRef;

/**
 * Orders to re-rate usage of open months: what CloudKitty calls to reprocess scopes. A scope is a tenant of one realm, by its
 * name there. What is ordered is done by a hub, see {@link Rerating}.
 */
public final class Reprocessing {
    /** Usage is told, and re-rated, by periods of this length from the full hour on. */
    public static final Duration PERIOD = Duration.ofHours(1);

    /** Stands for every scope. */
    public static final String ALL = "ALL";

    private static final String NO_REASON =
            "Empty or blank reason text is not allowed. Please, do inform the reason for"
                    + " the reprocessing of a previously processed period.";

    private final DataSource dataSource;
    private final String realm;
    private final Scopes scopes;
    private final Clock clock;

    /** @param realm whose tenants are the scopes */
    public Reprocessing(DataSource dataSource, String realm, Clock clock) {
        this.dataSource = dataSource;
        this.realm = realm;
        this.scopes = new Scopes(dataSource, clock);
        this.clock = clock;
    }

    /**
     * What is wanted of some scopes.
     *
     * @param scopes names of tenants, or {@link #ALL} alone for those that are active
     * @param from usage that begins here or later
     * @param until and before here; null for no end
     * @param reason for people and auditors
     * @param by who wants it
     */
    public record Wanted(Collection<String> scopes, Instant from, Instant until, String reason, String by) {}

    /**
     * What was ordered for a scope.
     *
     * @param current everything before it is re-rated; null before the work began
     */
    public record Schedule(
            String scope,
            String reason,
            Instant from,
            Instant until,
            Instant current,
            String state,
            Instant createdAt) {}

    /**
     * A part of all there is.
     *
     * @param total how many there are in all
     */
    public record Page(long total, List<Schedule> schedules) {}

    /**
     * Orders a window of time to be re-rated.
     *
     * @throws UserError if the reason is none, the window is no window or not made of whole periods, a scope is not known or
     *     not active, the window goes beyond what is processed, is ordered already, or touches an issued month
     */
    public void order(Wanted wanted) throws SQLException {
        if (wanted.scopes().isEmpty()) {
            throw new UserError("No scope is named: name scope IDs, or " + ALL + ".");
        }
        if (wanted.scopes().contains(ALL) && new LinkedHashSet<>(wanted.scopes()).size() > 1) {
            throw new UserError("Cannot use '" + ALL + "' with scope IDs [" + RerateTenants.some(wanted.scopes())
                    + "]. Either use '" + ALL + "' only, or the scope IDs.");
        }
        String reason = Reason.line(wanted.reason(), NO_REASON);
        if (!wanted.from().isBefore(wanted.until())) {
            throw new UserError("End reprocessing timestamp [" + wanted.until()
                    + "] must be after start reprocessing timestamp [" + wanted.from() + "].");
        }
        requireBoundary("start", wanted.from());
        requireBoundary("end", wanted.until());
        order(RerateKind.REPROCESS, wanted, reason);
    }

    /** Orders everything from a moment on to be re-rated; the moment need not be a period's. As {@link #order}. */
    public void reset(Wanted wanted) throws SQLException {
        order(RerateKind.RESET, wanted, Reason.line(wanted.reason(), NO_REASON));
    }

    private static void requireBoundary(String which, Instant time) {
        Instant before = floor(time);
        if (!before.equals(time)) {
            throw new UserError("The provided " + which + " reprocessing timestamp [" + time
                    + "] is not the boundary of a period. Please use one of the following times: [" + before + ", "
                    + before.plus(PERIOD) + "].");
        }
    }

    private static Instant floor(Instant time) {
        long seconds = PERIOD.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
    }

    private void order(RerateKind kind, Wanted wanted, String reason) throws SQLException {
        Instant now = clock.instant();
        Set<String> inactive = scopes.inactive(realm);
        Instant rated = rated(wanted);
        Transactions.call(dataSource, connection -> {
            RerateOrders.lockForNew(connection);
            Map<String, TenantRef> tenants = tenants(connection, wanted.scopes(), inactive);
            requireProcessed(connection, wanted, rated);
            requireOpen(connection, tenants, wanted);
            requireFree(connection, tenants, wanted);
            long order = RerateOrders.insert(connection, kind, wanted.from(), wanted.until(), reason, wanted.by(), now);
            RerateOrders.insertTenants(connection, order, tenants.values(), null);
            return null;
        });
    }

    private Map<String, TenantRef> tenants(Connection connection, Collection<String> wanted, Set<String> inactive)
            throws SQLException {
        Map<String, TenantRef> all = RerateTenants.ofRealm(connection, realm);
        if (wanted.contains(ALL)) {
            all.keySet().removeAll(inactive);
            if (all.isEmpty()) {
                throw new UserError("There are no active scopes with usage.");
            }
            return all;
        }
        TreeSet<String> unknown = new TreeSet<>(wanted);
        unknown.removeAll(all.keySet());
        if (!unknown.isEmpty()) {
            throw new UserError("The following scopes do not exist: [" + RerateTenants.some(unknown) + "].");
        }
        TreeSet<String> asleep = new TreeSet<>(wanted);
        asleep.retainAll(inactive);
        if (!asleep.isEmpty()) {
            throw new UserError("The following scopes are not active: [" + RerateTenants.some(asleep) + "].");
        }
        all.keySet().retainAll(wanted);
        return all;
    }

    /** Up to where the sources say that usage is there; null where they say nothing. */
    private Instant rated(Wanted wanted) throws SQLException {
        String first = wanted.scopes().iterator().next();
        return first.equals(ALL)
                ? null
                : scopes.find(realm, first).map(Scopes.Scope::processedTo).orElse(null);
    }

    /**
     * A window may end with the period that the latest usage is in, whosever it is, or up to which the sources have told all,
     * and no later.
     */
    private static void requireProcessed(Connection connection, Wanted wanted, Instant rated) throws SQLException {
        Instant last = RerateTenants.lastProcessed(connection);
        last = rated != null && (last == null || rated.isAfter(last)) ? rated : last;
        Instant most = last == null
                ? null
                : floor(last).equals(last) ? last : floor(last).plus(PERIOD);
        boolean beyond = most == null
                || !wanted.from().isBefore(most)
                || wanted.until() != null && wanted.until().isAfter(most);
        if (beyond) {
            throw new UserError("Cannot execute a reprocessing from [" + wanted.from() + "]"
                    + (wanted.until() == null ? "" : " to [" + wanted.until() + "]")
                    + ": usage is processed until [" + most + "] only.");
        }
    }

    private static void requireOpen(Connection connection, Map<String, TenantRef> tenants, Wanted wanted)
            throws SQLException {
        YearMonth from = YearMonth.from(wanted.from().atOffset(ZoneOffset.UTC));
        Map<String, YearMonth> issued = RerateTenants.issued(connection, tenants, from);
        if (!issued.isEmpty()) {
            String name = issued.keySet().iterator().next();
            throw new UserError("From [" + wanted.from() + "] on usage is issued already up to " + issued.get(name)
                    + " to [" + RerateTenants.some(issued.keySet())
                    + "], and what is issued does not change. Begin later, or bill the difference with the command:"
                    + " caravan correct " + from + " --tenant " + name + " --reason TEXT");
        }
    }

    private static void requireFree(Connection connection, Map<String, TenantRef> tenants, Wanted wanted)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                select t.name, o.from_at, o.until_at
                  from rerating o join rerating_tenant r on r.rerating = o.id join tenant t on t.id = r.tenant
                 where o.state in ('pending', 'running') and o.kind <> 'correction' and r.tenant = any (?)
                   and o.from_at < coalesce(?::timestamptz, 'infinity') and coalesce(o.until_at, 'infinity') > ?
                 order by o.id, t.name limit 1
                """)) {
            select.setArray(1, connection.createArrayOf("int4", RerateTenants.ids(tenants.values())));
            select.setObject(2, wanted.until() == null ? null : SqlTime.at(wanted.until()));
            select.setObject(3, SqlTime.at(wanted.from()));
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    Instant until = SqlTime.instant(row, "until_at");
                    throw new UserError("There is a schedule for scope [" + row.getString(1) + "] from ["
                            + SqlTime.instant(row, "from_at") + "]" + (until == null ? " on" : " to [" + until + "]")
                            + " that is not done yet and overlaps; wait for it.");
                }
            }
        }
    }

    // ---- what was ordered ----------------------------------------------------------------------------------------

    /**
     * The windows ordered for scopes, done ones included.
     *
     * @param wanted only these scopes; empty for all
     * @param ascending true for the oldest order first
     */
    public Page list(Collection<String> wanted, boolean ascending, long offset, int limit) throws SQLException {
        String sql =
                """
                select t.name, o.reason, o.from_at, o.until_at, o.state, o.created_at,
                       case when o.state = 'done' then o.until_at
                            when o.pass_through is not null
                            then least(greatest(o.cursor_at, o.from_at), o.until_at) end as current,
                       count(*) over () as total
                  from rerating o join rerating_tenant r on r.rerating = o.id join tenant t on t.id = r.tenant
                 where o.kind = 'reprocess' and t.realm = ? and (? or t.name = any (?))
                 order by o.id %1$s, t.name collate "C" %1$s offset ? limit ?
                """
                        .formatted(ascending ? "asc" : "desc");
        return Transactions.single(dataSource, connection -> {
            List<Schedule> found = new ArrayList<>();
            long total = 0;
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, realm);
                select.setBoolean(2, wanted.isEmpty());
                select.setArray(3, connection.createArrayOf("text", wanted.toArray()));
                select.setLong(4, offset);
                select.setInt(5, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        total = row.getLong("total");
                        found.add(new Schedule(
                                row.getString("name"),
                                row.getString("reason"),
                                SqlTime.instant(row, "from_at"),
                                SqlTime.instant(row, "until_at"),
                                SqlTime.instant(row, "current"),
                                row.getString("state"),
                                SqlTime.instant(row, "created_at")));
                    }
                }
            }
            return new Page(total, List.copyOf(found));
        });
    }
}
