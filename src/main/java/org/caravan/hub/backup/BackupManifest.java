package org.caravan.hub.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.common.Json;
import org.caravan.common.UserError;

/**
 * What a backup says of itself: {@code manifest.json} in its file.
 *
 * @param format {@link #FORMAT}
 * @param version {@link #VERSION}
 * @param schema version of the ledger's schema
 * @param issuer the ledger's, or null if nothing was ever rated in it
 * @param currency the ledger's, or null
 * @param takenAt moment of the snapshot, ISO 8601 in UTC
 * @param tables all of them
 * @param sequences all of them
 */
record BackupManifest(
        String format,
        int version,
        int schema,
        String issuer,
        String currency,
        String takenAt,
        List<Table> tables,
        List<Sequence> sequences) {
    static final String FORMAT = "caravan-backup";
    static final int VERSION = 1;

    /** Entry of the file. */
    static final String ENTRY = "manifest.json";

    /** Tables or sequences, or columns or partitions of one; far above what any ledger has. */
    private static final int MAX_LIST = 100_000;

    /**
     * A table.
     *
     * @param rows number of them
     * @param bytes of its text, not compressed
     * @param sha256 of that text, lower-case hex
     */
    record Table(String name, List<String> columns, List<Partition> partitions, long rows, long bytes, String sha256) {
        /** Entry of the file: rows as PostgreSQL's COPY writes them in its text format, compressed by zstd. */
        String entry() {
            return "tables/" + name + ".copy.zst";
        }
    }

    /** The form of a table. */
    record Layout(List<String> columns, List<Partition> partitions) {}

    /**
     * A partition.
     *
     * @param value the first day of its month, {@code 2026-10-01}
     */
    record Partition(String name, String value) {}

    /**
     * A sequence.
     *
     * @param called whether {@code last} was given out already
     */
    record Sequence(String name, long last, boolean called) {}

    byte[] write() {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the manifest can't be written", e);
        }
    }

    /**
     * Reads and checks it; nothing it says can be used for anything but what it is for.
     *
     * @throws UserError if it is none, or one that this Caravan does not know
     */
    static BackupManifest read(byte[] json, String what) {
        BackupManifest manifest;
        try {
            Map<?, ?> head = Json.mapper().readValue(json, Map.class);
            if (FORMAT.equals(head.get("format")) && !Integer.valueOf(VERSION).equals(head.get("version"))) {
                throw new UserError(what + ": format version " + head.get("version") + ", this Caravan reads " + VERSION
                        + "; restore it with the Caravan that made it, or a newer one");
            }
            manifest = Json.mapper().readValue(json, BackupManifest.class);
        } catch (IOException e) {
            throw broken(what, "its manifest can't be read", e);
        }
        String problem = manifest == null ? "its manifest is empty" : manifest.problem();
        if (problem != null) {
            throw broken(what, problem, null);
        }
        return manifest;
    }

    static UserError broken(String what, String problem, Throwable cause) {
        return new UserError(
                what + ": no backup of Caravan, or a damaged one (" + problem + "); use another copy", cause);
    }

    private String problem() {
        if (!FORMAT.equals(format) || tables == null || sequences == null || schema < 1) {
            return "its manifest is not one of a backup";
        }
        try {
            Instant.parse(takenAt);
        } catch (RuntimeException e) {
            return "takenAt is no time";
        }
        if (tables.size() > MAX_LIST || sequences.size() > MAX_LIST) {
            return "too many tables or sequences";
        }
        Set<String> names = new HashSet<>();
        for (Table table : tables) {
            if (table == null || !Catalogue.isName(table.name) || !names.add(table.name)) {
                return "a table's name is unfit or stands twice";
            }
            if (!isFit(table)) {
                return "what it says of table " + table.name + " is unfit";
            }
        }
        for (Sequence sequence : sequences) {
            if (sequence == null || !Catalogue.isName(sequence.name) || !names.add(sequence.name)) {
                return "a sequence's name is unfit or stands twice";
            }
        }
        return null;
    }

    private static boolean isFit(Table table) {
        if (table.columns == null
                || table.partitions == null
                || table.columns.size() > MAX_LIST
                || table.partitions.size() > MAX_LIST
                || table.rows < 0
                || table.bytes < 0
                || table.sha256 == null
                || !table.sha256.matches("[0-9a-f]{64}")) {
            return false;
        }
        return table.columns.stream().allMatch(Catalogue::isName)
                && table.partitions.stream()
                        .allMatch(partition -> partition != null
                                && Catalogue.isName(partition.name)
                                && partition.value != null
                                && partition.value.matches("\\d{4}-\\d{2}-\\d{2}"));
    }
}
