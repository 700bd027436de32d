package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.common.UserError;

/**
 * Lets a month's documents be issued that a person has seen: those, with those totals, and no others. Who approved what
 * and when is kept for ever.
 */
public final class Approval {
    private static final int FAILED = 1;
    private static final int NAMED = 5;

    private final DataSource dataSource;
    private final Closer closer;
    private final Clock clock;

    public Approval(DataSource dataSource, Closer closer, Clock clock) {
        this.dataSource = dataSource;
        this.closer = closer;
        this.clock = clock;
    }

    /**
     * What is to be shown: what nothing holds, and what is held.
     *
     * @throws UserError if the month is not over
     */
    public ClosePreview show(CloseOrder order) throws SQLException {
        closer.requireOver(order.month());
        return closer.preview(order);
    }

    /**
     * Issues what was shown. An account whose total changes in the very moment of its issue stays open and says so.
     *
     * @param shown by {@link #show}, with something ready
     * @param who name of the person
     * @param progress told of each issued document, after its transaction
     * @throws UserError (exit code 1) if a total changed since it was shown: then nothing is issued
     */
    public CloseResult issue(ClosePreview shown, String who, Consumer<IssuedDocument> progress) throws SQLException {
        CloseOrder order = CloseOrder.of(shown.month()).approved(shown.ready());
        refuseChanged(shown, closer.preview(order));
        keep(shown, who);
        return closer.close(order, progress);
    }

    private static void refuseChanged(ClosePreview shown, ClosePreview now) {
        StringBuilder changes = new StringBuilder();
        int changed = 0;
        for (String account : new TreeSet<>(shown.ready().keySet())) {
            CloseOrder.Total before = shown.ready().get(account);
            CloseOrder.Total after = now.ready().get(account);
            if (!before.equals(after) && ++changed <= NAMED) {
                changes.append(changed == 1 ? "" : ", ")
                        .append(account)
                        .append(" from ")
                        .append(before)
                        .append(after == null ? " to held or issued already" : " to " + after);
            }
        }
        if (changed > 0) {
            throw new UserError(
                    FAILED,
                    "totals of " + shown.month() + " changed since they were shown: " + changes
                            + (changed > NAMED ? " and " + (changed - NAMED) + " more" : "")
                            + "; nothing was issued, look again: caravan approve " + shown.month(),
                    null);
        }
    }

    private void keep(ClosePreview shown, String who) throws SQLException {
        Transactions.call(dataSource, connection -> {
            long id;
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into approval (month, approved_by, approved_at) values (?, ?, ?) returning id")) {
                insert.setObject(1, SqlTime.month(shown.month()));
                insert.setString(2, who);
                insert.setObject(3, SqlTime.at(clock.instant()));
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    id = row.getLong(1);
                }
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into approval_account (approval, account, currency, total) values (?, ?, ?, ?)")) {
                for (Map.Entry<String, CloseOrder.Total> account : shown.ready().entrySet()) {
                    insert.setLong(1, id);
                    insert.setString(2, account.getKey());
                    insert.setString(3, account.getValue().currency());
                    insert.setBigDecimal(4, account.getValue().amount());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return null;
        });
    }
}
