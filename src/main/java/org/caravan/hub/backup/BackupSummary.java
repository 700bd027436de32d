package org.caravan.hub.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is in a backup.
 *
 * @param takenAt moment of its snapshot
 * @param schema version of the ledger's schema
 * @param issuer the ledger's, or null if nothing was ever rated in it
 * @param rows by table
 * @param fileBytes size of the file
 * @param fileDigest SHA-256 of the file, lower-case hex
 */
public record BackupSummary(
        Instant takenAt, int schema, String issuer, Map<String, Long> rows, long fileBytes, String fileDigest) {
    static BackupSummary of(BackupManifest manifest, long fileBytes, String fileDigest) {
        Map<String, Long> rows = new java.util.TreeMap<>();
        List<BackupManifest.Table> tables = manifest.tables();
        tables.forEach(table -> rows.put(table.name(), table.rows()));
        return new BackupSummary(
                Instant.parse(manifest.takenAt()), manifest.schema(), manifest.issuer(), rows, fileBytes, fileDigest);
    }

    /** Rows of all tables. */
    public long allRows() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }
}
