package org.caravan.subscription.provision;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.common.keystone.Identity;
import org.caravan.common.keystone.KeystoneException;
import org.caravan.invoice.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disables the projects of ended subscriptions: those that the hub made, or that bear the subscription's name. Others were
 * there before, and are somebody's.
 */
final class Endings {
    static final String NAME = "bs-subscription-";

    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

    private final DataSource dataSource;
    private final Identity identity;
    private final ProvisioningSettings settings;
    private final Clock clock;
    private final String owner = "ending-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    Endings(DataSource dataSource, Identity identity, ProvisioningSettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.identity = identity;
        this.settings = settings;
        this.clock = clock;
    }

    private record Ending(String subscription, String project, int attempts, boolean made) {}

    int runDue(int most) throws SQLException {
        int done = 0;
        for (Optional<Ending> claimed = claim(); claimed.isPresent() && done < most; claimed = claim()) {
            work(claimed.get());
            done++;
        }
        return done;
    }

    private void work(Ending ending) throws SQLException {
        try {
            Optional<Identity.Project> project = identity.project(ending.project());
            boolean ours = ending.made()
                    || project.filter(p -> p.name().equals(NAME + ending.subscription()))
                            .isPresent();
            if (project.isPresent() && ours) {
                identity.disable(ending.project());
                LOG.info("Project {} of ended subscription {} is disabled", ending.project(), ending.subscription());
            }
            leave(ending, null, clock.instant(), ours || project.isEmpty() ? null : "its project was there before");
        } catch (KeystoneException e) {
            int attempts = ending.attempts() + 1;
            LOG.warn(
                    "Project {} of ended subscription {}: {}; tried again",
                    ending.project(),
                    ending.subscription(),
                    e.getMessage());
            leave(ending, clock.instant().plus(settings.delay(attempts)), null, e.getMessage());
        }
    }

    private Optional<Ending> claim() throws SQLException {
        String sql =
                """
                update project_ending e set owner = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 where subscription_id = (
                       select subscription_id from project_ending
                        where done_at is null and (next_try is null or next_try <= ?)
                          and (owner is null or lease_until <= clock_timestamp())
                        order by created_at, subscription_id limit 1 for update skip locked)
                returning e.subscription_id, e.project, e.attempts,
                          exists (select from provisioning p where p.subscription_id = e.subscription_id
                                     and p.project = e.project and p.project_made)
                """;
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setString(1, owner);
                update.setLong(2, settings.lease().toMillis());
                update.setObject(3, at(clock.instant()));
                try (ResultSet row = update.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    new Ending(row.getString(1), row.getString(2), row.getInt(3), row.getBoolean(4)))
                            : Optional.empty();
                }
            }
        });
    }

    /** Not given up: a project that is left enabled is a hole. */
    private void leave(Ending ending, Instant nextTry, Instant done, String reason) throws SQLException {
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement("update project_ending set owner = null,"
                    + " lease_until = null, attempts = attempts + ?, next_try = ?, done_at = ?, reason = ?"
                    + " where subscription_id = ? and owner = ?")) {
                update.setInt(1, done == null ? 1 : 0);
                update.setObject(2, nextTry == null ? null : at(nextTry));
                update.setObject(3, done == null ? null : at(done));
                update.setString(4, reason);
                update.setString(5, ending.subscription());
                update.setString(6, owner);
                return update.executeUpdate();
            }
        });
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
