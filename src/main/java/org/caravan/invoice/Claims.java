package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.ledger.LockWait;
import org.caravan.ledger.MonthStates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The months that one close has claimed: {@code closing}, its own until the lease ends. A claim only keeps two hubs from
 * doing the same work; what makes a document single is that its transaction closes the month under the bucket's lock.
 */
final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final DataSource dataSource;
    private final YearMonth month;
    private final Duration lease;
    private final Duration lockWait;
    private final String owner = "close-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    /** Tenants that may be claimed still. */
    private final Set<Integer> held = new HashSet<>();

    Claims(DataSource dataSource, YearMonth month, CloseSettings settings) {
        this.dataSource = dataSource;
        this.month = month;
        this.lease = settings.lease();
        this.lockWait = settings.lockWait();
    }

    /** Unique to this close, and telling which process it is. */
    String owner() {
        return owner;
    }

    /** Claims in a transaction of its own; answers those that are ours now. */
    Set<Integer> claim(Collection<Integer> tenants) throws SQLException {
        // noted first: the answer may be lost of a claim that holds
        held.addAll(tenants);
        return LockWait.call(
                dataSource,
                lockWait,
                timeout -> Transactions.call(dataSource, connection -> {
                    LockWait.begin(connection, timeout);
                    return claim(connection, tenants);
                }));
    }

    /** Claims, or makes longer what is claimed, within the caller's transaction. */
    Set<Integer> claim(Connection connection, Collection<Integer> tenants) throws SQLException {
        return MonthStates.claim(connection, tenants, month, owner, lease);
    }

    /** Makes the leases of these longer. */
    void renew(List<Draft> drafts) throws SQLException {
        claim(Issue.tenants(drafts));
    }

    void release(Collection<Integer> tenants) throws SQLException {
        if (!tenants.isEmpty()) {
            Transactions.single(dataSource, connection -> {
                MonthStates.release(connection, tenants, month, owner);
                return null;
            });
        }
    }

    /**
     * Gives back whatever was not closed.
     *
     * @return false where that failed: try again later, or the lease ends it
     */
    boolean releaseAll() {
        try {
            release(held);
            return true;
        } catch (SQLException e) {
            LOG.warn("Claims on {} can't be given back now ({}); they lapse after {}", month, e.getMessage(), lease);
            return false;
        }
    }

    /** Which of these another is closing now. */
    Set<Integer> claimedByOthers(Collection<Integer> tenants) throws SQLException {
        if (tenants.isEmpty()) {
            return Set.of();
        }
        return Transactions.single(dataSource, connection -> MonthStates.closing(connection, tenants, month));
    }
}
