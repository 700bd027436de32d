package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;

/** Documents on their way, to read: what is where, and what happened to one. */
public final class DeliveryList {
    /** Attempts and orders shown of a document. */
    private static final int MAX_HISTORY = 10_000;

    private final DataSource dataSource;

    public DeliveryList(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Which rows. Null means: whatever.
     *
     * @param states words of {@link DeliveryState} or {@link FanOutState}; empty for all that is not where it should be:
     *     neither committed nor fanned out, or committed with an alarm
     * @param connector leaves out fan-outs
     */
    public record Filter(Set<String> states, String connector, YearMonth month, String account) {
        public Filter {
            states = Set.copyOf(states);
        }
    }

    /**
     * A part of what was asked for.
     *
     * @param counts how many rows there are in all, by state
     */
    public record Page(List<DeliveryRow> rows, TreeMap<String, Long> counts) {
        public long total() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** What happened at a moment: an attempt, or an order of a person. */
    public record Event(Instant at, int attempt, String who, String what, String detail) {}

    /** A row with all that happened to it, oldest first. */
    public record Story(DeliveryRow row, List<Event> events) {
        public Story {
            events = List.copyOf(events);
        }
    }

    /** Rows in the order in which their documents were issued. */
    public Page list(Filter filter, int limit) throws SQLException {
        String deliveries = "select * from (" + DeliveryRow.DELIVERIES + where("v", filter) + ") as v";
        String fanOuts = filter.connector() != null
                ? ""
                : " union all select * from (" + DeliveryRow.FAN_OUTS + where("o", filter) + ") as o";
        String all = deliveries + fanOuts;
        return Transactions.call(dataSource, connection -> {
            List<DeliveryRow> rows = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement(all + " order by id, connector nulls first limit " + limit)) {
                bind(connection, select, filter);
                read(select, rows);
            }
            TreeMap<String, Long> counts = new TreeMap<>();
            try (PreparedStatement select =
                    connection.prepareStatement("select state, count(*) from (" + all + ") as a group by state")) {
                bind(connection, select, filter);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        counts.put(row.getString(1), row.getLong(2));
                    }
                }
            }
            return new Page(rows, counts);
        });
    }

    private static String where(String table, Filter filter) {
        String alarm = table.equals("v") ? " or v.state = 'committed' and v.last_error is not null" : "";
        String open = table.equals("v") ? "v.state <> 'committed'" : "o.state <> 'done'";
        return " where "
                + (filter.states().isEmpty() ? "(" + open + alarm + ")" : table + ".state = any (?)")
                + (filter.connector() == null ? "" : " and v.connector = ?")
                + (filter.month() == null ? "" : " and d.month = ?")
                + (filter.account() == null ? "" : " and d.account = ?");
    }

    private static void bind(Connection connection, PreparedStatement select, Filter filter) throws SQLException {
        int parameter = 0;
        int parts = filter.connector() == null ? 2 : 1;
        for (int part = 0; part < parts; part++) {
            if (!filter.states().isEmpty()) {
                select.setArray(
                        ++parameter,
                        connection.createArrayOf("text", filter.states().toArray()));
            }
            if (filter.connector() != null) {
                select.setString(++parameter, filter.connector());
            }
            if (filter.month() != null) {
                select.setObject(++parameter, SqlTime.month(filter.month()));
            }
            if (filter.account() != null) {
                select.setString(++parameter, filter.account());
            }
        }
    }

    /** The delivery with this id; empty or one. */
    public List<DeliveryRow> byId(long delivery) throws SQLException {
        return query(DeliveryRow.DELIVERIES + " where v.id = ?", delivery, null);
    }

    /**
     * The fan-out, then the deliveries of the documents with this number or key; empty if there is no such document.
     *
     * @param connector only the delivery to this one; null for all with the fan-out
     */
    public List<DeliveryRow> byName(String numberOrKey, String connector) throws SQLException {
        List<DeliveryRow> rows = new ArrayList<>();
        if (connector == null) {
            rows.addAll(query(DeliveryRow.FAN_OUTS + " where ? in (d.number, d.key) order by d.id", numberOrKey, null));
        }
        rows.addAll(query(
                DeliveryRow.DELIVERIES + " where ? in (d.number, d.key)"
                        + (connector == null ? "" : " and v.connector = ?") + " order by v.id",
                numberOrKey,
                connector));
        return rows;
    }

    private List<DeliveryRow> query(String sql, Object name, String connector) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setObject(1, name);
                if (connector != null) {
                    select.setString(2, connector);
                }
                List<DeliveryRow> rows = new ArrayList<>();
                read(select, rows);
                return rows;
            }
        });
    }

    private static void read(PreparedStatement select, List<DeliveryRow> rows) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(DeliveryRow.of(row));
            }
        }
    }

    /** Rows with their whole history. */
    public List<Story> stories(List<DeliveryRow> rows) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            List<Story> stories = new ArrayList<>();
            for (DeliveryRow row : rows) {
                stories.add(new Story(row, events(connection, row)));
            }
            return stories;
        });
    }

    private static List<Event> events(Connection connection, DeliveryRow row) throws SQLException {
        String sql =
                """
                select at, attempt, who, what, detail from (
                  select started_at as at, 0 as kind, attempt, owner as who, 'attempt' as what, null as detail, 0 as id
                    from delivery_attempt where delivery = ?
                  union all
                  select ended_at, 1, attempt, owner, coalesce(outcome, 'running'), detail, 0
                    from delivery_attempt where delivery = ? and ended_at is not null
                  union all
                  select at, 2, attempt, who, action || case when from_state is distinct from to_state
                         then ' ' || coalesce(from_state || ' -> ', '') || to_state else '' end, reason, id
                    from delivery_note where document = ? and delivery is not distinct from ?
                ) as e order by attempt, kind, at, id limit %d
                """
                        .formatted(MAX_HISTORY);
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, row.id(), java.sql.Types.BIGINT);
            select.setObject(2, row.id(), java.sql.Types.BIGINT);
            select.setLong(3, row.document().id());
            select.setObject(4, row.id(), java.sql.Types.BIGINT);
            List<Event> events = new ArrayList<>();
            try (ResultSet event = select.executeQuery()) {
                while (event.next()) {
                    events.add(new Event(
                            SqlTime.instant(event, "at"),
                            event.getInt("attempt"),
                            event.getString("who"),
                            event.getString("what"),
                            event.getString("detail")));
                }
            }
            return events;
        }
    }
}
