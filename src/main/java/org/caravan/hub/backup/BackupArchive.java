package org.caravan.hub.backup;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.caravan.common.UserError;

/**
 * The file of a backup, to read. Whoever made it: nothing is unpacked to disk, sizes are bounded by what the manifest says,
 * and that by the size of the file.
 */
public final class BackupArchive implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_MANIFEST_BYTES = 16 << 20;

    /** Text of a ledger shrinks ten- to a hundredfold; a file that claims this is made to fill a disk. */
    private static final long MAX_RATIO = 4096;

    /** 8 MiB of memory for what is unpacked; what {@link Backup} writes needs two. */
    private static final int MAX_WINDOW_LOG = 23;

    private final String what;
    private final Path file;
    private final ZipFile zip;
    private final BackupManifest manifest;

    private BackupArchive(String what, Path file, ZipFile zip) throws IOException {
        this.what = what;
        this.file = file;
        this.zip = zip;
        this.manifest = BackupManifest.read(manifestBytes(), what);
        checkMembers();
    }

    /** @throws UserError if it is no backup, or one that is damaged or too new */
    public static BackupArchive open(Path file) throws IOException {
        String what = "backup " + file;
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UserError(what + ": no such file, or it may not be read; check the path");
        }
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw BackupManifest.broken(what, "it is no whole zip file", e);
        }
        try {
            return new BackupArchive(what, file, zip);
        } catch (IllegalArgumentException | ZipException e) {
            zip.close();
            throw BackupManifest.broken(what, String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    BackupManifest manifest() {
        return manifest;
    }

    private byte[] manifestBytes() throws IOException {
        ZipEntry entry = zip.getEntry(BackupManifest.ENTRY);
        if (entry == null) {
            throw BackupManifest.broken(what, "it has no manifest", null);
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(MAX_MANIFEST_BYTES + 1);
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if (bytes.length > MAX_MANIFEST_BYTES || crc.getValue() != entry.getCrc()) {
            throw BackupManifest.broken(what, "its manifest is too long or damaged", null);
        }
        return bytes;
    }

    private void checkMembers() throws IOException {
        Set<String> wanted = new HashSet<>(Set.of(BackupManifest.ENTRY));
        long bytes = 0;
        for (BackupManifest.Table table : manifest.tables()) {
            wanted.add(table.entry());
            bytes = Math.addExact(bytes, table.bytes());
        }
        Set<String> there = new HashSet<>();
        zip.stream().forEach(entry -> there.add(entry.getName()));
        if (!there.equals(wanted) || zip.size() != wanted.size()) {
            throw BackupManifest.broken(what, "its members are not those that its manifest names", null);
        }
        if (bytes / MAX_RATIO > Files.size(file)) {
            throw BackupManifest.broken(what, "it claims to hold more than can be in it", null);
        }
    }

    /** SHA-256 of the file. */
    byte[] digest() throws IOException {
        MessageDigest digest = Backup.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return digest.digest();
    }

    BackupSummary summary() throws IOException {
        return BackupSummary.of(manifest, Files.size(file), HexFormat.of().formatHex(digest()));
    }

    /**
     * Reads every table to its end.
     *
     * @throws UserError if one is not what was backed up
     */
    public BackupSummary verify(BackupListener listener) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (BackupManifest.Table table : manifest.tables()) {
            listener.step("checking " + table.name());
            try (Checked in = open(table)) {
                while (in.read(buffer, 0, buffer.length) >= 0) {
                    continue;
                }
                in.check();
            } catch (IOException e) {
                throw damaged(table, e);
            }
        }
        return summary();
    }

    UserError damaged(BackupManifest.Table table, Throwable cause) {
        return BackupManifest.broken(what, "table " + table.name() + " is not what was backed up", cause);
    }

    /** A table's text. After its last byte {@link Checked#check()} says whether it is what was backed up. */
    Checked open(BackupManifest.Table table) throws IOException {
        ZstdInputStream text = new ZstdInputStream(zip.getInputStream(zip.getEntry(table.entry())));
        text.setLongMax(MAX_WINDOW_LOG);
        return new Checked(table, new BufferedInputStream(text, BUFFER));
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Counts and digests what is read, and stops at the size that was stated. */
    final class Checked extends FilterInputStream {
        private final BackupManifest.Table table;
        private final MessageDigest digest = Backup.sha256();
        private long bytes;
        private long rows;

        private Checked(BackupManifest.Table table, InputStream in) {
            super(in);
            this.table = table;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                bytes += count;
                if (bytes > table.bytes()) {
                    throw damaged(table, null);
                }
                digest.update(buffer, offset, count);
                for (int i = offset; i < offset + count; i++) {
                    // line breaks within a value are written as \n
                    rows += buffer[i] == '\n' ? 1 : 0;
                }
            }
            return count;
        }

        /** @throws UserError if it is not what was backed up */
        void check() {
            if (bytes != table.bytes()
                    || rows != table.rows()
                    || !HexFormat.of().formatHex(digest.digest()).equals(table.sha256())) {
                throw damaged(table, null);
            }
        }
    }
}
