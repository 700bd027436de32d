package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * How far a connector has come.
 *
 * @param states deliveries by the word of their state; a state without any is left out
 * @param oldest when the oldest document was issued that is not committed; null if all are
 * @param alarms committed with another total than the document's
 * @param lastCommit null if nothing was committed
 * @param lastError what the delivery says that failed last; null if none is failing
 * @param lastErrorAt when that was
 * @param pausedUntil until when its lane rests, or the last one of several; null if none does
 */
public record ConnectorBacklog(
        String connector,
        Map<String, Long> states,
        Instant oldest,
        long alarms,
        Instant lastCommit,
        String lastError,
        Instant lastErrorAt,
        Instant pausedUntil) {
    /** Deliveries that are not committed. */
    public long open() {
        return states.entrySet().stream()
                .filter(state -> !state.getKey().equals(DeliveryState.COMMITTED.code()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Of every connector that ever got a document, by name. */
    public static List<ConnectorBacklog> of(DataSource dataSource) throws SQLException {
        String sql =
                """
                select v.connector, string_agg(v.state || '=' || v.n, ',') as states, min(v.oldest) as oldest,
                       sum(v.alarms) as alarms, max(v.last_commit) as last_commit,
                       (select max(paused_until) from delivery_lane l where l.connector = v.connector and failures > 1)
                         as paused_until,
                       error.last_error, error.updated_at
                  from (select v.connector, v.state, count(*) as n,
                               min(d.issued_at) filter (where v.state <> 'committed') as oldest,
                               count(*) filter (where v.state = 'committed' and v.last_error is not null) as alarms,
                               max(v.committed_at) as last_commit
                          from delivery v join document d on d.id = v.document group by v.connector, v.state) as v
                  left join lateral (
                       select e.last_error, e.updated_at from delivery e
                        where e.connector = v.connector and e.state <> 'committed' and e.last_error is not null
                        order by e.updated_at desc limit 1) as error on true
                 group by v.connector, error.last_error, error.updated_at order by v.connector
                """;
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql);
                    ResultSet row = select.executeQuery()) {
                List<ConnectorBacklog> all = new ArrayList<>();
                while (row.next()) {
                    Map<String, Long> states = new TreeMap<>();
                    for (String state : row.getString("states").split(",")) {
                        String[] count = state.split("=");
                        states.put(count[0], Long.valueOf(count[1]));
                    }
                    all.add(new ConnectorBacklog(
                            row.getString("connector"),
                            states,
                            SqlTime.instant(row, "oldest"),
                            row.getLong("alarms"),
                            SqlTime.instant(row, "last_commit"),
                            row.getString("last_error"),
                            SqlTime.instant(row, "updated_at"),
                            SqlTime.instant(row, "paused_until")));
                }
                return all;
            }
        });
    }
}
