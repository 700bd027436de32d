package org.caravan.subscription.tie;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.ledger.Buckets;
import org.caravan.ledger.LockWait;
import org.caravan.metering.UsageKey;
import org.caravan.subscription.tie.TieRefused.Why;

/** Ties subscriptions to tenants, and ends them. Safe for concurrent use by any number of hubs. */
public final class Ties {
    /** The type of resource that usage is tied by. */
    public static final String TENANT = "tenant";

    /** Longest name of a resource. */
    public static final int MAX_LENGTH = 255;

    private final DataSource dataSource;
    private final Duration lockWait;
    private final Clock clock;

    /** @param lockWait longest wait for usage of the tenant that is being written */
    public Ties(DataSource dataSource, Duration lockWait, Clock clock) {
        this.dataSource = dataSource;
        this.lockWait = lockWait;
        this.clock = clock;
    }

    /**
     * Ties a subscription, from the day of its creation on. Done again it changes nothing.
     *
     * @param type {@link #TENANT}; another one is kept, but no usage is tied by it
     * @param resource the tenant's id in its cloud; null to untie
     * @throws TieRefused if it can't be tied
     */
    public void tie(String subscription, String realm, String type, String resource) throws SQLException {
        if (resource != null && (resource.isBlank() || resource.length() > MAX_LENGTH || resource.indexOf('\0') >= 0)) {
            throw new TieRefused(Why.UNFIT, "a resource has 1 to " + MAX_LENGTH + " characters");
        }
        change(subscription, resource, (connection, now) -> {
            Row row = row(connection, subscription);
            if (row.is(realm, type, resource)) {
                return;
            }
            if (row.ended()) {
                throw new TieRefused(
                        Why.ENDED, "subscription " + subscription + " has ended; make another one for the resource");
            }
            if (row.resource() != null && hasUsage(connection, row)) {
                throw new TieRefused(
                        Why.USED,
                        "subscription " + subscription + " has usage of " + row.resource()
                                + "; end it, and make another one for another resource");
            }
            write(connection, subscription, realm, type, resource, begin(connection, row, realm, resource), now);
        });
    }

    /**
     * Ends a subscription now; usage until then is billed on the next invoice. Done again it changes nothing.
     *
     * @return when it ended
     * @throws TieRefused if there is no such subscription
     */
    public Instant end(String subscription) throws SQLException {
        Instant[] ended = new Instant[1];
        change(subscription, null, (connection, now) -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update subscription set ended_at = coalesce(ended_at, ?), updated_at = ? where id = ?"
                            + " returning ended_at")) {
                update.setObject(1, at(now));
                update.setObject(2, at(now));
                update.setString(3, subscription);
                try (ResultSet row = update.executeQuery()) {
                    if (!row.next()) {
                        throw unknown(subscription);
                    }
                    ended[0] = row.getObject(1, OffsetDateTime.class).toInstant();
                }
            }
            leaveProject(connection, subscription, now);
        });
        return ended[0];
    }

    /** The worker disables the project, with the hub's own user. */
    private static void leaveProject(Connection connection, String subscription, Instant now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into project_ending (subscription_id, project, created_at)"
                        + " select id, resource_id, ? from subscription"
                        + " where id = ? and resource_type = 'tenant' and resource_id is not null on conflict do nothing")) {
            insert.setObject(1, at(now));
            insert.setString(2, subscription);
            insert.executeUpdate();
        }
    }

    private interface Change {
        void make(Connection connection, Instant now) throws SQLException;
    }

    /** Under the locks of the tenants that are tied before or after: whoever ties holds the bucket. */
    private void change(String subscription, String resource, Change change) throws SQLException {
        LockWait.call(
                dataSource,
                lockWait,
                lockTimeout -> Transactions.call(dataSource, connection -> {
                    LockWait.begin(connection, lockTimeout);
                    Set<Integer> buckets = new TreeSet<>();
                    for (String tenant : new String[] {
                        resource, row(connection, subscription).resource()
                    }) {
                        if (tenant != null) {
                            buckets.add(UsageKey.bucketOf(tenant));
                        }
                    }
                    Buckets.lock(connection, buckets);
                    String tied = lockedResource(connection, subscription);
                    if (tied != null && !buckets.contains(UsageKey.bucketOf(tied))) {
                        throw new SQLException(
                                "subscription " + subscription + " was tied otherwise meanwhile; try again", "40001");
                    }
                    change.make(connection, clock.instant());
                    Buckets.touch(connection, buckets);
                    return null;
                }));
    }

    private record Row(
            String customer,
            Instant created,
            String realm,
            String type,
            String resource,
            Instant tiedFrom,
            boolean ended) {
        boolean is(String realm, String type, String resource) {
            return resource == null
                    ? this.resource == null
                    : resource.equals(this.resource) && type.equals(this.type) && realm.equals(this.realm);
        }
    }

    private static Row row(Connection connection, String subscription) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select customer_id, created_at, realm,"
                + " resource_type, resource_id, tied_from, ended_at from subscription where id = ?")) {
            select.setString(1, subscription);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw unknown(subscription);
                }
                OffsetDateTime tied = row.getObject(6, OffsetDateTime.class);
                return new Row(
                        row.getString(1),
                        row.getObject(2, OffsetDateTime.class).toInstant(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        tied == null ? null : tied.toInstant(),
                        row.getObject(7) != null);
            }
        }
    }

    private static String lockedResource(Connection connection, String subscription) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select resource_id from subscription where id = ? for update")) {
            select.setString(1, subscription);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static TieRefused unknown(String subscription) {
        return new TieRefused(Why.UNKNOWN, "there is no subscription " + subscription);
    }

    /** True if the ledger has usage of the tenant on a day of the subscription. */
    private static boolean hasUsage(Connection connection, Row row) throws SQLException {
        String sql =
                """
                select exists (select from entry e join tenant t on t.id = e.tenant
                                where t.realm = ? and t.name = ? and e.usage_day >= ?)
                """;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, row.realm());
            select.setString(2, row.resource());
            select.setObject(3, LocalDate.ofInstant(row.tiedFrom(), ZoneOffset.UTC));
            try (ResultSet found = select.executeQuery()) {
                found.next();
                return found.getBoolean(1);
            }
        }
    }

    /** Begin of what is claimed: the creation, or the day after another subscription's last one. */
    private static Instant begin(Connection connection, Row row, String realm, String resource) throws SQLException {
        Instant begin = row.created();
        if (resource == null) {
            return begin;
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select id, customer_id, until_day from contract where realm = ? and tenant = ?")) {
            select.setString(1, realm);
            select.setString(2, resource);
            try (ResultSet other = select.executeQuery()) {
                while (other.next()) {
                    LocalDate until = other.getObject(3, LocalDate.class);
                    if (until == null) {
                        throw new TieRefused(
                                Why.TAKEN,
                                "resource " + resource + " is subscription " + other.getString(1)
                                        + "'s; end that first");
                    }
                    Instant end = until.atStartOfDay(ZoneOffset.UTC).toInstant();
                    begin = end.isAfter(begin) ? end : begin;
                }
            }
        }
        refuseOthersUsage(connection, row, realm, resource);
        return begin;
    }

    /** What an earlier customer used must have its document first: a tenant's month is on one. */
    private static void refuseOthersUsage(Connection connection, Row row, String realm, String resource)
            throws SQLException {
        String sql =
                """
                select c.customer_id, to_char(min(e.billing_month), 'YYYY-MM')
                  from entry e
                  join tenant t on t.id = e.tenant
                  join contract c on c.realm = t.realm and c.tenant = t.name and e.usage_day >= c.from_day
                                 and e.usage_day < c.until_day
                 where t.realm = ? and t.name = ? and c.customer_id <> ?
                   and not exists (select from month m where m.tenant = e.tenant and m.month = e.billing_month
                                                         and m.state = 'closed')
                 group by c.customer_id limit 1
                """;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, realm);
            select.setString(2, resource);
            select.setString(3, row.customer());
            try (ResultSet found = select.executeQuery()) {
                if (found.next()) {
                    throw new TieRefused(
                            Why.TAKEN,
                            "resource " + resource + " has usage that customer " + found.getString(1)
                                    + " is to be billed for in " + found.getString(2)
                                    + "; close that month first, or use another resource");
                }
            }
        }
    }

    private static void write(
            Connection connection,
            String subscription,
            String realm,
            String type,
            String resource,
            Instant begin,
            Instant now)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update subscription set realm = ?,"
                + " resource_type = ?, resource_id = ?, tied_from = ?, updated_at = ? where id = ?")) {
            update.setString(1, realm);
            update.setString(2, resource == null ? null : type);
            update.setString(3, resource);
            update.setObject(4, resource == null ? null : at(begin));
            update.setObject(5, at(now));
            update.setString(6, subscription);
            update.executeUpdate();
        } catch (SQLException e) {
            if ("23505".equals(e.getSQLState())) {
                throw new TieRefused(Why.TAKEN, "resource " + resource + " is another subscription's; end that first");
            }
            throw e;
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
