package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * How far the documents of a month have come.
 *
 * @param documents issued
 * @param fanOutOpen documents that wait for the fan-out route
 * @param fanOutParked documents it could not serve
 * @param pending deliveries never tried
 * @param delivering attempts that run
 * @param retrying failed, to be tried again
 * @param doubtOpen in doubt, and about to be sent again
 * @param inDoubt in doubt until a person decides
 * @param committed in the ERP
 * @param parked stopped until a person decides
 */
public record DeliveryProgress(
        long documents,
        long fanOutOpen,
        long fanOutParked,
        long pending,
        long delivering,
        long retrying,
        long doubtOpen,
        long inDoubt,
        long committed,
        long parked) {
    /** What still moves by itself; 0 when all that is left needs a person. */
    public long open() {
        return fanOutOpen + pending + delivering + retrying + doubtOpen;
    }

    /** True if every document reached every connector chosen for it. */
    public boolean complete() {
        return open() == 0 && fanOutParked == 0 && inDoubt == 0 && parked == 0;
    }

    /**
     * A document that is not where it should be.
     *
     * @param connector null if the fan-out itself is stuck
     * @param state of the delivery, or of the fan-out
     * @param attempts made
     * @param reason why; null if nothing was tried yet
     */
    public record Trouble(String key, String number, String connector, String state, int attempts, String reason) {}

    /** Counts the month's documents and deliveries in one snapshot. */
    public static DeliveryProgress of(DataSource dataSource, YearMonth month) throws SQLException {
        String sql =
                """
                select (select count(*) from document where month = ?) as documents, o.*, v.*
                  from (select count(*) filter (where o.state in ('pending', 'fanning')) as fan_out_open,
                               count(*) filter (where o.state = 'parked') as fan_out_parked
                          from outbox o join document d on d.id = o.document where d.month = ?) as o,
                       (select count(*) filter (where v.state = 'pending') as pending,
                               count(*) filter (where v.state = 'delivering') as delivering,
                               count(*) filter (where v.state = 'retrying') as retrying,
                               count(*) filter (where v.state = 'in-doubt' and v.due_at < 'infinity') as doubt_open,
                               count(*) filter (where v.state = 'in-doubt' and v.due_at = 'infinity') as in_doubt,
                               count(*) filter (where v.state = 'committed') as committed,
                               count(*) filter (where v.state = 'parked') as parked
                          from delivery v join document d on d.id = v.document where d.month = ?) as v
                """;
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setObject(1, SqlTime.month(month));
                select.setObject(2, SqlTime.month(month));
                select.setObject(3, SqlTime.month(month));
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return new DeliveryProgress(
                            row.getLong("documents"),
                            row.getLong("fan_out_open"),
                            row.getLong("fan_out_parked"),
                            row.getLong("pending"),
                            row.getLong("delivering"),
                            row.getLong("retrying"),
                            row.getLong("doubt_open"),
                            row.getLong("in_doubt"),
                            row.getLong("committed"),
                            row.getLong("parked"));
                }
            }
        });
    }

    /**
     * Everything that is not committed, with the reason where one is known, and what was committed with an alarm; in order
     * of number. Nothing undelivered is left out: who waited for a month and asks this must not take silence for success.
     *
     * @param limit most rows answered
     */
    public static List<Trouble> troubles(DataSource dataSource, YearMonth month, int limit) throws SQLException {
        String sql =
                """
                select d.key, d.number, null as connector, o.state, o.attempt,
                       coalesce(o.last_error, 'its turn has not come, or the hub that took it still holds its lease')
                  from outbox o join document d on d.id = o.document
                 where d.month = ? and o.state <> 'done'
                union all
                select d.key, d.number, v.connector, v.state, v.attempt,
                       coalesce(h.reason, v.last_error,
                                'its turn has not come, or the hub that took it still holds its lease')
                  from delivery v join document d on d.id = v.document left join delivery_held h on h.id = v.id
                 where d.month = ? and (v.state <> 'committed' or v.last_error is not null)
                 order by 2, 3 limit ?
                """;
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setObject(1, SqlTime.month(month));
                select.setObject(2, SqlTime.month(month));
                select.setInt(3, limit);
                List<Trouble> troubles = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        troubles.add(new Trouble(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getInt(5),
                                row.getString(6)));
                    }
                }
                return troubles;
            }
        });
    }
}
