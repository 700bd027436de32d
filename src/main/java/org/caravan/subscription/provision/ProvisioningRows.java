package org.caravan.subscription.provision;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** The table of how far subscriptions are. Every update names its owner: who lost the lease changes nothing. */
final class ProvisioningRows {
    /** Longest reason kept. */
    private static final int MAX_REASON = 1_000;

    private final DataSource dataSource;
    private final Duration lease;
    private final Clock clock;
    private final String owner = "provision-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    ProvisioningRows(DataSource dataSource, Duration lease, Clock clock) {
        this.dataSource = dataSource;
        this.lease = lease;
        this.clock = clock;
    }

    /** Claims the oldest one that is due and that nobody works on. */
    Optional<Progress> claim() throws SQLException {
        String sql =
                """
                update provisioning set owner = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 where subscription_id = (
                       select subscription_id from provisioning
                        where state not in ('active', 'failed') and (next_try is null or next_try <= ?)
                          and (owner is null or lease_until <= clock_timestamp())
                        order by created_at, subscription_id limit 1 for update skip locked)
                returning subscription_id
                """;
        return Transactions.call(dataSource, connection -> {
            String claimed = null;
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setString(1, owner);
                update.setLong(2, lease.toMillis());
                update.setObject(3, now());
                try (ResultSet row = update.executeQuery()) {
                    claimed = row.next() ? row.getString(1) : null;
                }
            }
            return claimed == null ? Optional.empty() : find(connection, claimed);
        });
    }

    static Optional<Progress> find(Connection connection, String subscription) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + Progress.COLUMNS + " from " + Progress.FROM + " where p.subscription_id = ?")) {
            select.setString(1, subscription);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(Progress.of(row)) : Optional.empty();
            }
        }
    }

    /**
     * Writes a change and makes the lease longer.
     *
     * @param set columns and values of {@code update provisioning set}
     * @return what is there now; empty if the lease was lost
     */
    Optional<Progress> write(String subscription, String set, Object... values) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement("update provisioning set " + set
                    + ", updated_at = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond'"
                    + " where subscription_id = ? and owner = ?")) {
                int at = 1;
                for (Object value : values) {
                    update.setObject(at++, value);
                }
                update.setObject(at++, now());
                update.setLong(at++, lease.toMillis());
                update.setString(at++, subscription);
                update.setString(at, owner);
                if (update.executeUpdate() == 0) {
                    return Optional.empty();
                }
            }
            return find(connection, subscription);
        });
    }

    /** Ends the work on it for now, or for good. */
    void leave(String subscription, ProvisioningState state, int attempts, Instant nextTry, String reason)
            throws SQLException {
        String bounded = reason != null && reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("update provisioning set state = ?, attempts = ?,"
                            + " next_try = ?, reason = ?, owner = null, lease_until = null, updated_at = ?"
                            + " where subscription_id = ? and owner = ?")) {
                update.setString(1, state.code());
                update.setInt(2, attempts);
                update.setObject(3, nextTry == null ? null : nextTry.atOffset(ZoneOffset.UTC));
                update.setString(4, bounded);
                update.setObject(5, now());
                update.setString(6, subscription);
                update.setString(7, owner);
                return update.executeUpdate();
            }
        });
    }

    /** True if another subscription of the customer uses its project, or is about to. */
    boolean isShared(String subscription, String customer) throws SQLException {
        String sql =
                """
                select exists (select from provisioning p join subscription s on s.id = p.subscription_id
                                where s.customer_id = ? and s.id <> ? and p.state <> 'failed' and not p.compensating)
                """;
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, customer);
                select.setString(2, subscription);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            }
        });
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
