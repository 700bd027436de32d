package org.caravan.ledger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Committed batches by id: the last few as they were committed or decoded, others read from the archive. */
final class Archives {
    private final Ledger ledger;
    private final int limit;
    private final Map<Long, BilledBatch> recent = new LinkedHashMap<>();

    Archives(Ledger ledger, int limit) {
        this.ledger = ledger;
        this.limit = limit;
    }

    /** Remembers a batch whose commit held. */
    void remember(BilledBatch batch) {
        // taken out first, so that the one used last stands last
        recent.remove(batch.id);
        recent.put(batch.id, batch);
        Iterator<BilledBatch> oldest = recent.values().iterator();
        while (recent.size() > limit) {
            oldest.next();
            oldest.remove();
        }
    }

    boolean isRemembered(long id) {
        return recent.containsKey(id);
    }

    /**
     * The batch with this id.
     *
     * @throws IllegalStateException if its archive is gone or damaged
     */
    BilledBatch get(Connection connection, long id) throws SQLException {
        BilledBatch known = recent.get(id);
        if (known != null) {
            remember(known);
            return known;
        }
        try (PreparedStatement select =
                connection.prepareStatement("select archive, archive_digest, accepted_rows from batch where id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getBytes(1) == null) {
                    throw new IllegalStateException("batch " + id + ": its archive is gone");
                }
                byte[] archive = row.getBytes(1);
                if (!Arrays.equals(digest(archive), row.getBytes(2))) {
                    throw new IllegalStateException("batch " + id + ": its archive is damaged (digest differs)");
                }
                BilledBatch decoded = new BilledBatch(id, ArchiveCodec.decode(archive, ledger), row.getBytes(3));
                remember(decoded);
                return decoded;
            }
        }
    }

    static byte[] digest(byte[] archive) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(archive);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
