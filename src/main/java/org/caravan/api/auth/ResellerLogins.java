package org.caravan.api.auth;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.caravan.api.http.ApiError;
import org.caravan.invoice.Transactions;

/** User names and passwords of resellers, by which a portal gets its key. The password is kept as {@link PasswordHash}. */
public final class ResellerLogins {
    /** Longest password; a longer one is refused before anything is computed of it. */
    public static final int MAX_PASSWORD = 1024;

    /** Shortest password that may be set. */
    public static final int MIN_PASSWORD = 12;

    /** Longest user name. */
    public static final int MAX_USERNAME = 64;

    /** About a third of a second of a core. */
    private static final int ITERATIONS = 600_000;

    /** As a guess costs so much, only so many are computed at once. */
    private static final int AT_ONCE = 2;

    private final DataSource dataSource;
    private final Clock clock;
    private final int iterations;
    private final FailedKeys failed;
    private final Semaphore computing;

    public ResellerLogins(DataSource dataSource, Clock clock) {
        this(dataSource, clock, ITERATIONS);
    }

    /** @param iterations how slow passwords are that are set from here on */
    public ResellerLogins(DataSource dataSource, Clock clock, int iterations) {
        this(dataSource, clock, iterations, new FailedKeys(clock), new Semaphore(AT_ONCE));
    }

    private ResellerLogins(DataSource dataSource, Clock clock, int iterations, FailedKeys failed, Semaphore computing) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.iterations = iterations;
        this.failed = failed;
        this.computing = computing;
    }

    /** The same, whose wrong passwords are counted with the wrong keys of other contracts. */
    public ResellerLogins counting(FailedKeys wrong) {
        return new ResellerLogins(dataSource, clock, iterations, wrong, computing);
    }

    /**
     * Who proved to be somebody.
     *
     * @param merchant id of the reseller's merchant
     * @param allResellers true if its keys may see a report of all resellers
     */
    public record Login(String username, String merchant, boolean allResellers) {}

    /**
     * The login with this name and password.
     *
     * @param remote the address it came from
     * @throws ApiError 401 if there is none, 429 after too many of these
     */
    public Login check(String username, String password, String remote) throws SQLException {
        failed.refuseTooMany(remote);
        if (!computing.tryAcquire()) {
            throw new ApiError(429, "Too many logins; try again in a minute.");
        }
        try {
            Optional<Kept> kept = username.length() > MAX_USERNAME ? Optional.empty() : find(username);
            boolean right = password.length() <= MAX_PASSWORD
                    && kept.map(Kept::hash)
                            .orElse(PasswordHash.nobodys(iterations))
                            .matches(password.toCharArray());
            if (!right || kept.isEmpty()) {
                failed.failed(remote);
                throw new ApiError(401, "User name or password is wrong.");
            }
            return kept.get().login();
        } finally {
            computing.release();
        }
    }

    private record Kept(Login login, PasswordHash hash) {}

    private Optional<Kept> find(String username) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    """
                    select l.merchant_id, l.all_resellers, l.salt, l.iterations, l.digest from reseller_login l
                      join merchant m on m.id = l.merchant_id and m.deleted_at is null
                     where l.username = ?
                    """)) {
                select.setString(1, username);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Kept(
                                    new Login(username, row.getString(1), row.getBoolean(2)),
                                    new PasswordHash(row.getBytes(3), row.getInt(4), row.getBytes(5))))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * Makes a login, or sets the password of the one that there is.
     *
     * @return false if another reseller has this user name
     */
    public boolean set(Login login, char[] password) throws SQLException {
        PasswordHash hash = PasswordHash.of(password, iterations);
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    insert into reseller_login as l
                           (username, merchant_id, all_resellers, salt, iterations, digest, created_at, updated_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?)
                        on conflict (username) do update
                       set all_resellers = excluded.all_resellers, salt = excluded.salt,
                           iterations = excluded.iterations, digest = excluded.digest, updated_at = excluded.updated_at
                     where l.merchant_id = excluded.merchant_id
                    """)) {
                insert.setString(1, login.username());
                insert.setString(2, login.merchant());
                insert.setBoolean(3, login.allResellers());
                insert.setBytes(4, hash.salt());
                insert.setInt(5, hash.iterations());
                insert.setBytes(6, hash.digest());
                insert.setTimestamp(7, Timestamp.from(clock.instant()));
                insert.setTimestamp(8, Timestamp.from(clock.instant()));
                return insert.executeUpdate() == 1;
            }
        });
    }

    /** @return false if there is none of this name */
    public boolean remove(String username) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from reseller_login where username = ?")) {
                delete.setString(1, username);
                return delete.executeUpdate() == 1;
            }
        });
    }
}
