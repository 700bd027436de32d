package org.caravan.hub.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.caravan.common.UserError;

/**
 * The PostgreSQL programs from the class path, unpacked once per content into a cache directory.
 *
 * <p>Several processes may unpack at once: each does so beside the target and renames; the first one wins.
 */
final class PostgresBinaries {
    /** More than this many bytes unpacked means that the archive is not the one we know. */
    private static final long MAX_BYTES = 1L << 30;

    private static final int OWNER_READ = 0400;
    private static final int OWNER_EXECUTE = 0100;

    private final URL archive;

    private PostgresBinaries(URL archive) {
        this.archive = archive;
    }

    /**
     * The binaries for this machine.
     *
     * @throws UserError if there are none for its kind
     */
    static PostgresBinaries ofThisMachine() {
        String system = System.getProperty("os.name");
        String machine = System.getProperty("os.arch");
        String arch = machine.equals("amd64") ? "x86_64" : machine.equals("aarch64") ? "arm_64" : machine;
        URL archive = PostgresBinaries.class.getResource("/postgres-linux-" + arch + ".txz");
        if (!system.equals("Linux") || archive == null) {
            throw new UserError("no embedded PostgreSQL for " + system + " on " + machine
                    + "; name a server of your own with caravan.ledger.url");
        }
        return new PostgresBinaries(archive);
    }

    /**
     * Unpacks the binaries below {@code cache}, unless they are there.
     *
     * @return the directory that holds {@code bin/postgres}
     * @throws IOException if {@code cache} can't be written
     */
    Path unpackInto(Path cache) throws IOException {
        Path home = cache.resolve("postgresql-" + Long.toHexString(checksum()));
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return home;
        }
        Files.createDirectories(cache);
        Path unpacked = Files.createTempDirectory(cache, home.getFileName() + ".");
        try {
            // Readable for others: the server may run as another user than the one who unpacks.
            Files.setPosixFilePermissions(unpacked, permissions(0755));
            unpack(unpacked);
            try {
                Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                    throw e;
                }
            }
        } finally {
            Trees.delete(unpacked);
        }
        return home;
    }

    private void unpack(Path target) throws IOException {
        long bytes = 0;
        try (InputStream in = archive.openStream();
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = inside(target, target.resolve(entry.getName()), entry);
                bytes += Math.max(0, entry.getSize());
                if (bytes > MAX_BYTES) {
                    throw new IOException("the archive of PostgreSQL unpacks to more than " + MAX_BYTES + " bytes");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Path link = Path.of(entry.getLinkName());
                    inside(target, path.resolveSibling(link), entry);
                    Files.createSymbolicLink(path, link);
                } else if (entry.isFile()) {
                    try (OutputStream out = Files.newOutputStream(path)) {
                        tar.transferTo(out);
                    }
                    boolean executable = (entry.getMode() & OWNER_EXECUTE) != 0;
                    Files.setPosixFilePermissions(path, permissions(executable ? 0755 : 0644));
                } else {
                    throw new IOException("unexpected kind of entry in the archive of PostgreSQL: " + entry.getName());
                }
            }
        }
    }

    /** Refuses a path that leaves the target, by itself or through a link unpacked before. */
    private static Path inside(Path target, Path path, TarArchiveEntry entry) throws IOException {
        Path normal = path.normalize();
        Path parent = normal.getParent();
        boolean linked =
                parent != null && Files.exists(parent) && !parent.toRealPath().startsWith(target.toRealPath());
        if (!normal.startsWith(target) || linked) {
            throw new IOException("the archive of PostgreSQL leaves its directory: " + entry.getName());
        }
        return normal;
    }

    /** Content decides, not a version someone would have to keep in step; the jar's directory knows it already. */
    private long checksum() throws IOException {
        URLConnection connection = archive.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return jar.getJarEntry().getCrc();
        }
        try (CheckedInputStream in = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.getChecksum().getValue();
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        int bit = OWNER_READ;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & bit) != 0) {
                permissions.add(permission);
            }
            bit >>= 1;
        }
        return permissions;
    }
}
