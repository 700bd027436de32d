package org.caravan.hub.connector;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Orders to bring a connector's file into running hubs, and what the hubs made of them. */
public final class ConnectorOrders {
    /** A hub that was not seen for so long is gone; it is seen every second. */
    private static final String ALIVE = "seen_at > clock_timestamp() - interval '15 seconds'";

    private final DataSource ledger;
    private final Clock clock;

    public ConnectorOrders(DataSource ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * An order.
     *
     * @param kamelet the Kamelet's name, {@code http-sink}
     * @param digest SHA-256 of the file that was tried
     */
    public record Order(long id, String kamelet, String digest) {}

    /**
     * What a hub made of an order.
     *
     * @param live true if it uses the file now, false if it goes on with what it had
     * @param message why not, or what is to be known; null if nothing is
     */
    public record Answer(String hub, boolean live, String message, Instant at) {}

    /** The newest order for a Kamelet, with its digest and all answers. */
    public record Applied(Order order, String who, Instant at, List<Answer> answers) {}

    /** Orders it of all running hubs. */
    public Order give(String kamelet, String digest, String who) throws SQLException {
        String sql = "insert into connector_order (kamelet, digest, ordered_at, who) values (?, ?, ?, ?) returning id";
        try (Connection connection = ledger.getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, kamelet);
            insert.setString(2, digest);
            insert.setObject(3, at(clock.instant()));
            insert.setString(4, who);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return new Order(row.getLong(1), kamelet, digest);
            }
        }
    }

    /** Hubs that look for orders. */
    public List<String> hubs() throws SQLException {
        try (Connection connection = ledger.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select hub from running_hub where " + ALIVE + " order by hub");
                ResultSet row = select.executeQuery()) {
            List<String> hubs = new ArrayList<>();
            while (row.next()) {
                hubs.add(row.getString(1));
            }
            return hubs;
        }
    }

    /** What hubs made of an order so far. */
    public List<Answer> answers(long order) throws SQLException {
        String sql = "select hub, state, message, at from connector_answer where connector_order = ? order by hub";
        try (Connection connection = ledger.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, order);
            try (ResultSet row = select.executeQuery()) {
                List<Answer> answers = new ArrayList<>();
                while (row.next()) {
                    answers.add(new Answer(
                            row.getString("hub"),
                            row.getString("state").equals("live"),
                            row.getString("message"),
                            row.getObject("at", OffsetDateTime.class).toInstant()));
                }
                return answers;
            }
        }
    }

    /** The newest order of each Kamelet. */
    public Map<String, Applied> newest() throws SQLException {
        String sql = "select distinct on (kamelet) id, kamelet, digest, ordered_at, who from connector_order"
                + " order by kamelet, id desc";
        Map<String, Applied> newest = new LinkedHashMap<>();
        try (Connection connection = ledger.getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Order order = new Order(row.getLong("id"), row.getString("kamelet"), row.getString("digest"));
                newest.put(
                        order.kamelet(),
                        new Applied(
                                order,
                                row.getString("who"),
                                row.getObject("ordered_at", OffsetDateTime.class)
                                        .toInstant(),
                                answers(order.id())));
            }
        }
        return newest;
    }

    // ---- the hub's side --------------------------------------------------------------------------------------------

    /** The id of the newest order; 0 if there is none. */
    long last() throws SQLException {
        try (Connection connection = ledger.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select coalesce(max(id), 0) from connector_order");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Says that a hub is there, and answers the orders given after one. */
    List<Order> after(long order, String hub) throws SQLException {
        String seen = "insert into running_hub (hub, seen_at) values (?, clock_timestamp())"
                + " on conflict (hub) do update set seen_at = excluded.seen_at";
        String newer = "select id, kamelet, digest from connector_order where id > ? order by id";
        try (Connection connection = ledger.getConnection();
                PreparedStatement upsert = connection.prepareStatement(seen);
                PreparedStatement select = connection.prepareStatement(newer)) {
            upsert.setString(1, hub);
            upsert.executeUpdate();
            select.setLong(1, order);
            try (ResultSet row = select.executeQuery()) {
                List<Order> orders = new ArrayList<>();
                while (row.next()) {
                    orders.add(new Order(row.getLong(1), row.getString(2), row.getString(3)));
                }
                return orders;
            }
        }
    }

    void answer(Order order, String hub, boolean live, String message) throws SQLException {
        String sql = "insert into connector_answer (connector_order, hub, state, message, at) values (?, ?, ?, ?, ?)"
                + " on conflict (connector_order, hub) do nothing";
        try (Connection connection = ledger.getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setLong(1, order.id());
            insert.setString(2, hub);
            insert.setString(3, live ? "live" : "refused");
            insert.setString(4, message);
            insert.setObject(5, at(clock.instant()));
            insert.executeUpdate();
        }
    }

    /** Says that a hub is gone, and forgets those that died without a word. */
    void gone(String hub) throws SQLException {
        try (Connection connection = ledger.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from running_hub where hub = ? or not " + ALIVE)) {
            delete.setString(1, hub);
            delete.executeUpdate();
        }
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
