package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** The records of event meters in a batch: unique by (tenant, meter, id) for ever, whatever their time. */
final class Events {
    private final Ledger ledger;
    private final UsageBatch batch;
    private final List<Integer> rows = new ArrayList<>();
    private final List<Integer> newRows = new ArrayList<>();
    private final List<Known> known = new ArrayList<>();

    /** A row whose id is billed; {@code beside} is null where it is billed just so. */
    private record Known(int row, Beside beside) {}

    Events(Ledger ledger, UsageBatch batch) {
        this.ledger = ledger;
        this.batch = batch;
    }

    void add(int row) {
        rows.add(row);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Claims the ids that are new; of two rows with one id in the batch, one gets it. */
    void insert(Connection connection, long batchId) throws SQLException {
        boolean[] inserted = new boolean[batch.size()];
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into event (tenant, meter, id, batch, archive_row)
                select u.tenant, u.meter, u.id, ?, u.archive_row from unnest(?, ?, ?, ?) as u (tenant, meter, id, archive_row)
                 order by u.tenant, u.meter, u.id, u.archive_row
                on conflict do nothing returning archive_row
                """)) {
            insert.setLong(1, batchId);
            insert.setArray(2, connection.createArrayOf("int4", each(row -> series(row).tenant)));
            insert.setArray(3, connection.createArrayOf("int4", each(row -> series(row).meter)));
            insert.setArray(4, connection.createArrayOf("text", each(batch::id)));
            insert.setArray(5, connection.createArrayOf("int4", each(row -> row)));
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    inserted[row.getInt(1)] = true;
                }
            }
        }
        for (int row : rows) {
            if (inserted[row]) {
                newRows.add(row);
            }
        }
    }

    /** Rows whose id was new, in order. */
    List<Integer> newRows() {
        return newRows;
    }

    /** Finds what was billed under the ids that were not new. */
    void resolve(Connection connection, BilledBatch current) throws SQLException {
        List<Integer> others = new ArrayList<>(rows);
        others.removeAll(new HashSet<>(newRows));
        if (others.isEmpty()) {
            return;
        }
        Map<String, long[]> places = places(connection, others);
        // archive by archive, so that each is decoded once
        others.sort(Comparator.comparingLong((Integer row) -> place(places, row)[0])
                .thenComparing(Comparator.naturalOrder()));
        BilledPrices prices = null;
        for (int row : others) {
            long[] place = place(places, row);
            BilledBatch billedIn =
                    place[0] == current.id ? current : ledger.archives().get(connection, place[0]);
            boolean same = isSame(batch, row, billedIn.batch, (int) place[1]);
            Beside beside = null;
            if (!same) {
                BilledBatch whole =
                        billedIn.whole ? billedIn : ledger.archives().whole(connection, place[0]);
                if (prices == null) {
                    prices = BilledPrices.of(
                            connection,
                            places.values().stream().map(p -> p[0]).distinct().toList());
                }
                beside = Beside.of(whole, (int) place[1], prices);
            }
            known.add(new Known(row, beside));
        }
        known.sort(Comparator.comparingInt(Known::row));
    }

    private long[] place(Map<String, long[]> places, int row) {
        return places.get(name(series(row).tenant, series(row).meter, batch.id(row)));
    }

    private Map<String, long[]> places(Connection connection, List<Integer> others) throws SQLException {
        Map<String, long[]> places = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select e.tenant, e.meter, e.id, e.batch, e.archive_row
                  from unnest(?, ?, ?) as u (tenant, meter, id) join event e using (tenant, meter, id)
                """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int4", others.stream().map(r -> series(r).tenant).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", others.stream().map(r -> series(r).meter).toArray()));
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "text", others.stream().map(batch::id).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    places.put(
                            name(row.getInt(1), row.getInt(2), row.getString(3)),
                            new long[] {row.getLong(4), row.getLong(5)});
                }
            }
        }
        return places;
    }

    int known() {
        return known.size();
    }

    int knownRow(int i) {
        return known.get(i).row();
    }

    /** True if the row was billed before exactly as it is. */
    boolean isDuplicate(int i) {
        return known.get(i).beside() == null;
    }

    /** What is billed under the id where that is a conflict. */
    Beside beside(int i) {
        return known.get(i).beside();
    }

    /** The same resource, datacenter, time and content under the same id. */
    static boolean isSame(UsageBatch a, int rowA, UsageBatch b, int rowB) {
        UsageKey one = a.key(rowA);
        UsageKey other = b.key(rowB);
        return one.datacenter().equals(other.datacenter())
                && one.resource().equals(other.resource())
                && Overlaps.sameContent(a, rowA, b, rowB);
    }

    private static String name(int tenant, int meter, String id) {
        return tenant + " " + meter + " " + id;
    }

    private SeriesState series(int row) {
        return ((KeyState) batch.key(row).ledgerSlot).series;
    }

    private Object[] each(IntFunction<Object> value) {
        Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
        }
        return values;
    }
}
