package org.caravan.subscription.provision;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.common.keystone.Identity;
import org.caravan.invoice.Transactions;
import org.caravan.subscription.tie.Ties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives subscriptions their projects at Keystone, and disables those of ended ones. An order is a row; whoever works on it goes
 * on where the row says. Safe for concurrent use by any number of hubs.
 */
public final class Provisioning {
    private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

    /** Rows worked on in one round: others, and a stop, must not wait for all. */
    private static final int MAX_ROUND = 100;

    private final DataSource dataSource;
    private final ProvisioningRows rows;
    private final ProvisioningRun run;
    private final Endings endings;
    private final Clock clock;

    public Provisioning(
            DataSource dataSource, Identity identity, Ties ties, ProvisioningSettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.rows = new ProvisioningRows(dataSource, settings.lease(), clock);
        this.run = new ProvisioningRun(identity, ties, rows, settings, clock);
        this.endings = new Endings(dataSource, identity, settings, clock);
        if (settings.role().equals(ProvisioningSettings.ADMIN)) {
            LOG.warn(
                    "caravan.provision.role is admin: in Keystone that role is often cloud-wide, and every customer gets it;"
                            + " let it be member");
        }
    }

    /**
     * Orders a subscription's projects. The same order again, by key or without one, changes nothing; one that failed is begun
     * anew by another key.
     *
     * @param user id of the user at Keystone that gets the roles
     * @param idempotencyKey of whoever orders, or null
     * @return how far it is
     * @throws ProvisioningRefused if the key belongs to another subscription, or the order was for another user
     */
    public ProvisioningState start(String subscription, String user, String idempotencyKey) throws SQLException {
        return Transactions.call(
                dataSource, connection -> start(connection, subscription, user, idempotencyKey, clock));
    }

    /** As {@link #start(String, String, String)}, within the transaction that makes the subscription. */
    public static ProvisioningState start(
            Connection connection, String subscription, String user, String idempotencyKey, Clock clock)
            throws SQLException {
        if (user == null || user.isBlank()) {
            throw new ProvisioningRefused(false, "user_id is missing: whose projects are they?");
        }
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        refuseTied(connection, subscription);
        Optional<String> other = byKey(connection, idempotencyKey);
        if (other.isPresent() && !other.get().equals(subscription)) {
            throw new ProvisioningRefused(
                    true, "Idempotency-Key: was used for subscription " + other.get() + "; use another one");
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into provisioning as p (subscription_id, state, user_id, idempotency_key, run, created_at, updated_at)
                values (?, 'new', ?, ?, ?, ?, ?)
                    on conflict (subscription_id) do update
                       set state = 'new', user_id = excluded.user_id, idempotency_key = excluded.idempotency_key,
                           run = excluded.run, customer_project = null, customer_project_made = false, project = null,
                           project_made = false, granted = '{}', compensating = false, attempts = 0, next_try = null,
                           reason = null, updated_at = excluded.updated_at
                     where p.state = 'failed' and excluded.idempotency_key is not null
                       and excluded.idempotency_key is distinct from p.idempotency_key
                """)) {
            insert.setString(1, subscription);
            insert.setString(2, user);
            insert.setString(3, idempotencyKey);
            insert.setString(4, UUID.randomUUID().toString());
            insert.setObject(5, now);
            insert.setObject(6, now);
            insert.executeUpdate();
        }
        Progress known = ProvisioningRows.find(connection, subscription).orElseThrow();
        if (!known.user().equals(user)) {
            throw new ProvisioningRefused(
                    true, "subscription " + subscription + " is provided for user " + known.user() + " already");
        }
        return known.state();
    }

    /** What is tied by hand needs no project, and would lose its tie. */
    private static void refuseTied(Connection connection, String subscription) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select resource_id from subscription s where id = ?"
                        + " and resource_id is not null"
                        + " and not exists (select from provisioning p where p.subscription_id = s.id)")) {
            select.setString(1, subscription);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    throw new ProvisioningRefused(
                            true,
                            "subscription " + subscription + " is tied to " + row.getString(1)
                                    + "; make another one for a project of its own");
                }
            }
        }
    }

    /** The subscription that was ordered with a key; for an order that is repeated before its answer was seen. */
    public static Optional<String> byKey(Connection connection, String idempotencyKey) throws SQLException {
        if (idempotencyKey == null) {
            return Optional.empty();
        }
        try (PreparedStatement select =
                connection.prepareStatement("select subscription_id from provisioning where idempotency_key = ?")) {
            select.setString(1, idempotencyKey);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * Works on what is due: each until it is done or has to wait.
     *
     * @return how many were worked on
     * @throws SQLException if the database can't be reached; the next round goes on
     */
    public int runDue() throws SQLException {
        int done = 0;
        while (done < MAX_ROUND) {
            Optional<Progress> claimed = rows.claim();
            if (claimed.isEmpty()) {
                break;
            }
            run.work(claimed.get());
            done++;
        }
        return done + endings.runDue(MAX_ROUND);
    }
}
