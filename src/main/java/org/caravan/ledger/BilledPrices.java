package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What archived records are billed at: what their batch was committed with, or what re-rated them last. True for as long as
 * the caller holds the buckets of the records it asks for.
 */
final class BilledPrices {
    private final Map<Long, List<Rerating>> byBatch = new HashMap<>();

    /** Rows of a batch as one re-rating left them. */
    record Rerating(long byBatch, SortedMap<Integer, BilledPrice> prices) {}

    private BilledPrices() {}

    /**
     * Reads what re-rated records of the given batches.
     *
     * @throws IllegalStateException if what is kept of it is damaged
     */
    static BilledPrices of(Connection connection, Collection<Long> batches) throws SQLException {
        BilledPrices found = new BilledPrices();
        try (PreparedStatement select = connection.prepareStatement(
                "select batch, by_batch, prices, digest from repriced where batch = any (?) order by batch, by_batch")) {
            select.setArray(1, connection.createArrayOf("int8", batches.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long batch = row.getLong(1);
                    byte[] prices = row.getBytes(3);
                    if (!Arrays.equals(Archives.digest(prices), row.getBytes(4))) {
                        throw new IllegalStateException("batch " + batch + ": what batch " + row.getLong(2)
                                + " re-rated of it is damaged (digest differs)");
                    }
                    found.byBatch
                            .computeIfAbsent(batch, b -> new ArrayList<>(1))
                            .add(new Rerating(row.getLong(2), Repriced.decode(prices)));
                }
            }
        }
        return found;
    }

    /** What re-rated records of the batch, the first first. */
    List<Rerating> reratings(long batch) {
        return byBatch.getOrDefault(batch, List.of());
    }

    /** What re-rated a record last, or null if it is billed as its batch was committed. */
    BilledPrice rerated(long batch, int row) {
        List<Rerating> reratings = byBatch.get(batch);
        if (reratings == null) {
            return null;
        }
        for (int i = reratings.size() - 1; i >= 0; i--) {
            BilledPrice price = reratings.get(i).prices().get(row);
            if (price != null) {
                return price;
            }
        }
        return null;
    }

    /** What an accepted record of a batch is billed with. */
    BilledPrice of(BilledBatch whole, int row) {
        BilledPrice rerated = rerated(whole.id, row);
        return rerated != null ? rerated : BilledPrice.archived(whole.batch, row);
    }
}
