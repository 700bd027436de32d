package org.caravan.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of hubs that wrote in a transaction and from which the server awaits the next word. Between two looks such a
 * session either goes on, or is silent; then its transaction is ended.
 *
 * <p>Only transactions that {@link LockWait#begin} began are ever touched; other users of the database are not.
 */
final class SilentSessions {
    /** What application_name begins with in a ledger's transaction; the process id follows. */
    static final String NAME = "caravan-ledger-";

    private static final Logger LOG = LoggerFactory.getLogger(SilentSessions.class);

    /** Where each stands: a COPY that advances shows it in its bytes, anything else in when its state changed. */
    private static final String STANDING =
            """
            select a.pid, a.application_name,
                   concat_ws('/', a.backend_start, a.xact_start, a.state_change, c.bytes_processed) as place,
                   a.wait_event_type = 'Client' as awaited,
                   round(extract(epoch from clock_timestamp() - a.state_change))::bigint as seconds
              from pg_stat_activity a left join pg_stat_progress_copy c on c.pid = a.pid
             where a.datname = current_database() and a.pid <> pg_backend_pid()
               and a.backend_xid is not null and a.application_name like '%s%%'
            """
                    .formatted(NAME);

    private final DataSource dataSource;

    /** Place by session, as the last look found those that were awaited. */
    private Map<Integer, String> silent = new HashMap<>();

    SilentSessions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Ends what stands where it stood at the look before. */
    void look() throws SQLException {
        Map<Integer, String> now = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                Statement select = connection.createStatement();
                Statement end = connection.createStatement()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try (ResultSet row = select.executeQuery(STANDING)) {
                while (row.next()) {
                    int pid = row.getInt("pid");
                    String place = row.getString("place");
                    if (!row.getBoolean("awaited")) {
                        continue;
                    }
                    now.put(pid, place);
                    if (place.equals(silent.get(pid))) {
                        end(end, pid, place, row.getString("application_name"), row.getLong("seconds"));
                    }
                }
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        }
        silent = now;
    }

    /** Asked once more in the statement that ends it: it may have gone on since the row was read. */
    private static void end(Statement statement, int pid, String place, String name, long seconds) throws SQLException {
        String sql = "select pg_terminate_backend(s.pid) from (" + STANDING + ") s where s.pid = " + pid
                + " and s.awaited and s.place = '" + place + "'";
        try (ResultSet row = statement.executeQuery(sql)) {
            if (row.next() && row.getBoolean(1)) {
                LOG.warn(
                        "Hub process {} has been silent for {} s in a transaction that others wait for: its database"
                                + " session {} was ended; nothing of the transaction holds, that hub repeats it",
                        name.substring(NAME.length()),
                        seconds,
                        pid);
            }
        }
    }

    /** Who is in a transaction now, for people. */
    String describe() {
        StringJoiner holders = new StringJoiner(", ");
        try (Connection connection = dataSource.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(STANDING)) {
            while (row.next()) {
                holders.add("hub process " + row.getString("application_name").substring(NAME.length()) + " (session "
                        + row.getInt("pid") + ")");
            }
        } catch (SQLException e) {
            LOG.debug("who holds the locks can't be read", e);
        }
        return holders.length() == 0 ? "none that is known" : holders.toString();
    }
}
