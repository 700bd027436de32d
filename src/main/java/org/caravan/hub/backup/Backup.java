package org.caravan.hub.backup;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.ledger.LedgerSchema;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Writes all tables of a ledger into a file, from one snapshot, beside whoever is at work in it.
 *
 * <p>The file is a zip: a member per table (the text of COPY, by zstd) and a manifest at the end. Text, since COPY's
 * binary form is not promised to be the same in another version of PostgreSQL. Streamed: memory does not grow with the
 * ledger.
 */
public final class Backup {
    private static final int BUFFER = 1 << 16;
    private static final int LEVEL = 3;

    /** Whatever the server's own settings are, the text is the same. */
    static final String TEXT_FORM =
            """
            set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local bytea_output = 'hex';
            set local extra_float_digits = 1; set local intervalstyle = 'postgres'; set local statement_timeout = 0;
            set local idle_in_transaction_session_timeout = 0
            """;

    private final DataSource dataSource;
    private final Clock clock;
    private final BackupListener listener;

    public Backup(DataSource dataSource, Clock clock, BackupListener listener) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Takes a backup.
     *
     * @param replace whether a file that is there may be replaced
     * @throws UserError if the file is there, or its place can't be written
     */
    public BackupSummary write(Path file, boolean replace) throws IOException, SQLException {
        try (NewFile target = NewFile.begin(file, replace)) {
            MessageDigest whole = sha256();
            BackupManifest manifest;
            try (ZipOutputStream zip = new ZipOutputStream(
                    new BufferedOutputStream(new DigestOutputStream(target.out(), whole), BUFFER))) {
                // the members are compressed already
                zip.setLevel(Deflater.NO_COMPRESSION);
                manifest = snapshot(zip);
                zip.putNextEntry(new ZipEntry(BackupManifest.ENTRY));
                zip.write(manifest.write());
                zip.closeEntry();
                zip.finish();
                zip.flush();
                target.commit();
            }
            return BackupSummary.of(manifest, Files.size(file), HexFormat.of().formatHex(whole.digest()));
        }
    }

    private BackupManifest snapshot(ZipOutputStream zip) throws IOException, SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read, read only; " + TEXT_FORM);
                return tables(connection, zip);
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }

    private BackupManifest tables(Connection connection, ZipOutputStream zip) throws IOException, SQLException {
        int schema = LedgerSchema.version(connection);
        String takenAt = clock.instant().toString();
        Catalogue catalogue = new Catalogue(connection);
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        List<BackupManifest.Table> tables = new ArrayList<>();
        for (Map.Entry<String, BackupManifest.Layout> table : catalogue.tables().entrySet()) {
            listener.step("backing up " + table.getKey());
            tables.add(table(copy, table.getKey(), table.getValue(), zip));
        }
        LedgerSchema.Identity identity = LedgerSchema.find(dataSource);
        return new BackupManifest(
                BackupManifest.FORMAT,
                BackupManifest.VERSION,
                schema,
                identity == null ? null : identity.issuer(),
                identity == null ? null : identity.currency(),
                takenAt,
                tables,
                catalogue.sequences());
    }

    private static BackupManifest.Table table(
            CopyManager copy, String name, BackupManifest.Layout layout, ZipOutputStream zip)
            throws IOException, SQLException {
        zip.putNextEntry(new ZipEntry(new BackupManifest.Table(name, null, null, 0, 0, null).entry()));
        MessageDigest digest = sha256();
        long rows;
        long bytes;
        ZstdOutputStream packed = new ZstdOutputStream(new Unclosed(zip), LEVEL);
        try (CountingOutput text =
                new CountingOutput(new DigestOutputStream(new BufferedOutputStream(packed, BUFFER), digest))) {
            // a partitioned table can't be copied itself, but what is selected from it can
            rows = copy.copyOut(
                    "copy (select " + columns(layout.columns()) + " from " + Catalogue.quoted(name)
                            + ") to stdout (format text, encoding 'UTF8')",
                    text);
            bytes = text.count;
        }
        zip.closeEntry();
        return new BackupManifest.Table(
                name,
                layout.columns(),
                layout.partitions(),
                rows,
                bytes,
                HexFormat.of().formatHex(digest.digest()));
    }

    static String columns(List<String> columns) {
        return columns.stream().map(Catalogue::quoted).collect(Collectors.joining(", "));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static final class CountingOutput extends java.io.FilterOutputStream {
        private long count;

        CountingOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }

    /** The end of a table is not the end of the file. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
