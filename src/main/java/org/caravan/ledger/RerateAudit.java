package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.metering.UsageKey;

/**
 * Proves re-ratings by the archives: works out again, record by record, what each re-rating took back and what it billed
 * instead, and compares it with its entries. Takes as long as reading the archives of what was ever re-rated.
 */
public final class RerateAudit {
    private final Map<Side, Sum> worked = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();

    private RerateAudit() {}

    /** Of the records of one tenant that a batch of entries re-rated: what was taken back, or what was billed. */
    private record Side(long byBatch, String realm, String tenant, boolean back) implements Comparable<Side> {
        @Override
        public int compareTo(Side other) {
            int by = Long.compare(byBatch, other.byBatch);
            by = by != 0 ? by : realm.compareTo(other.realm);
            by = by != 0 ? by : tenant.compareTo(other.tenant);
            return by != 0 ? by : Boolean.compare(back, other.back);
        }
    }

    private record Sum(long records, BigDecimal amount) {
        static final Sum NOTHING = new Sum(0, BigDecimal.ZERO);

        Sum plus(Sum other) {
            return new Sum(records + other.records, amount.add(other.amount));
        }

        boolean isSame(Sum other) {
            return records == other.records && amount.compareTo(other.amount) == 0;
        }
    }

    /**
     * What does not hold, a line each.
     *
     * @param connection within a transaction of one snapshot (repeatable read)
     * @param max lines wanted at most
     */
    public static List<String> findings(Connection connection, int max) throws SQLException {
        RerateAudit audit = new RerateAudit();
        for (long batch : audit.batches(connection)) {
            if (audit.findings.size() < max) {
                audit.work(connection, batch);
            }
        }
        if (audit.findings.isEmpty()) {
            audit.compare(connection);
        }
        return List.copyOf(audit.findings.subList(0, Math.min(max, audit.findings.size())));
    }

    private List<Long> batches(Connection connection) throws SQLException {
        List<Long> batches = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement("select distinct batch from repriced order by batch");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                batches.add(row.getLong(1));
            }
        }
        return batches;
    }

    private void work(Connection connection, long id) throws SQLException {
        try {
            // keys of its own: what is audited is met once
            BilledBatch whole = read(connection, id);
            Map<Integer, BilledPrice> before = new TreeMap<>();
            for (BilledPrices.Rerating rerating :
                    BilledPrices.of(connection, List.of(id)).reratings(id)) {
                rerating.prices().forEach((row, price) -> {
                    if (row >= whole.batch.size() || !whole.isAccepted(row)) {
                        throw new IllegalStateException("batch " + rerating.byBatch() + ": re-rated record " + row
                                + " of batch " + id + ", which was not billed");
                    }
                    BilledPrice old = before.put(row, price);
                    BilledPrice billed = old == null ? BilledPrice.archived(whole.batch, row) : old;
                    UsageKey key = whole.batch.key(row);
                    add(
                            rerating.byBatch(),
                            key,
                            true,
                            new Sum(-1, billed.amount().negate()));
                    add(rerating.byBatch(), key, false, new Sum(1, price.amount()));
                });
            }
        } catch (IllegalStateException | IndexOutOfBoundsException damaged) {
            findings.add(String.valueOf(damaged.getMessage()));
        }
    }

    private static BilledBatch read(Connection connection, long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select archive, archive_digest, accepted_rows from batch where id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                ArchiveKeys keys = new ArchiveKeys(null, Long.MAX_VALUE);
                return Archives.decode(id, row.getBytes(1), row.getBytes(2), row.getBytes(3), keys, true);
            }
        }
    }

    private void add(long byBatch, UsageKey key, boolean back, Sum sum) {
        worked.merge(new Side(byBatch, key.realm(), key.tenant(), back), sum, Sum::plus);
    }

    private void compare(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        """
                        select e.batch, t.realm, t.name, e.records < 0, sum(e.records), sum(e.amount)
                          from entry e join tenant t on t.id = e.tenant
                         where e.batch in (select id from batch where rerating is not null)
                         group by 1, 2, 3, 4
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Side side = new Side(row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4));
                Sum worked = this.worked.getOrDefault(side, Sum.NOTHING);
                this.worked.remove(side);
                Sum billed = new Sum(row.getLong(5), row.getBigDecimal(6));
                if (!worked.isSame(billed)) {
                    findings.add(text(side, worked, billed));
                }
            }
        }
        worked.forEach((side, sum) -> findings.add(text(side, sum, Sum.NOTHING)));
    }

    private static String text(Side side, Sum worked, Sum billed) {
        return "batch " + side.byBatch() + ", tenant " + side.tenant() + ": " + (side.back() ? "takes back " : "bills ")
                + billed.amount().toPlainString() + " of " + Math.abs(billed.records()) + " records, the archives say "
                + worked.amount().toPlainString() + " of " + Math.abs(worked.records());
    }
}
