package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which archived records are not billed any more, because an accepted one took their place. */
final class Reversals {
    private final Map<Long, BitSet> rows = new HashMap<>();

    private Reversals() {}

    /** Reads those of the given batches; the caller holds the buckets of the records it is going to look for. */
    static Reversals of(Connection connection, Collection<Long> batches) throws SQLException {
        Reversals found = new Reversals();
        try (PreparedStatement select =
                connection.prepareStatement("select batch, archive_row from reversal where batch = any (?)")) {
            select.setArray(1, connection.createArrayOf("int8", batches.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.rows
                            .computeIfAbsent(row.getLong(1), b -> new BitSet())
                            .set(row.getInt(2));
                }
            }
        }
        return found;
    }

    /** Rows of the batch that are reversed, or null if none is. */
    BitSet of(long batch) {
        return rows.get(batch);
    }
}
