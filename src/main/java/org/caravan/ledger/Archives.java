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
    /** Of the heap; a file read again in another order needs all batches of its time at once. */
    private static final int PART_OF_HEAP = 12;

    private final int maxBatches;
    private final long maxBytes = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    private final ArchiveKeys keys;
    private final Map<Long, BilledBatch> recent = new LinkedHashMap<>();
    private long bytes;
    private BilledBatch lastWhole;

    Archives(Ledger ledger, int maxBatches) {
        this.maxBatches = maxBatches;
        this.keys = new ArchiveKeys(ledger, maxBytes);
    }

    /** Remembers a batch whose commit held. */
    void remember(BilledBatch batch) {
        // taken out first, so that the one used last stands last
        BilledBatch before = recent.remove(batch.id);
        bytes += batch.bytes() - (before == null ? 0 : before.bytes());
        recent.put(batch.id, batch);
        Iterator<BilledBatch> oldest = recent.values().iterator();
        while (recent.size() > maxBatches || bytes > maxBytes && recent.size() > 1) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    boolean isRemembered(long id) {
        return recent.containsKey(id);
    }

    /**
     * The batch with this id, with what its content is compared by; maybe without ids, prices and amounts.
     *
     * @throws IllegalStateException if its archive is gone or damaged
     */
    BilledBatch get(Connection connection, long id) throws SQLException {
        BilledBatch known = recent.get(id);
        BilledBatch found = known != null ? known : read(connection, id, keys, false);
        remember(found);
        return found;
    }

    /**
     * As {@link #get}, with everything that was archived. Rows have the same numbers in both.
     *
     * @throws IllegalStateException if its archive is gone or damaged
     */
    BilledBatch whole(Connection connection, long id) throws SQLException {
        BilledBatch known = recent.get(id);
        if (known != null && known.whole) {
            return known;
        }
        if (lastWhole == null || lastWhole.id != id) {
            lastWhole = read(connection, id, keys, true);
        }
        return lastWhole;
    }

    /** Reads a batch; see {@link #get} and {@link #whole}. */
    static BilledBatch read(Connection connection, long id, ArchiveKeys keys, boolean whole) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select archive, archive_digest, accepted_rows from batch where id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? decode(id, row.getBytes(1), row.getBytes(2), row.getBytes(3), keys, whole)
                        : decode(id, null, null, null, keys, whole);
            }
        }
    }

    /**
     * Decodes what a batch's row holds.
     *
     * @throws IllegalStateException if the archive is gone or damaged
     */
    static BilledBatch decode(
            long id, byte[] archive, byte[] archiveDigest, byte[] accepted, ArchiveKeys keys, boolean whole) {
        if (archive == null) {
            throw new IllegalStateException("batch " + id + ": its archive is gone");
        }
        if (!Arrays.equals(digest(archive), archiveDigest)) {
            throw new IllegalStateException("batch " + id + ": its archive is damaged (digest differs)");
        }
        return new BilledBatch(id, ArchiveCodec.decode(archive, keys, whole), accepted, whole);
    }

    static byte[] digest(byte[] archive) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(archive);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
