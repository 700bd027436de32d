package org.caravan.invoice.erp.csv;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravan.common.UserError;

/**
 * Creates files of a directory whole, once and for keeps.
 *
 * <p>Content goes to a temporary file, is synced, and gets its name by a hard link: the one call of POSIX that is atomic
 * and refuses an existing name (a rename would replace it). The directory is synced before the file counts as there.
 */
final class AtomicFile {
    private static final String PREFIX = ".caravan-";
    private static final String SUFFIX = ".tmp";
    private static final String LOCK = ".caravan.lock";

    /** How often a temporary file may vanish under its writer before it gives up. */
    private static final int MAX_TRIES = 3;

    /** Only one thread of a process can hold a file lock. */
    private static final Object IN_PROCESS = new Object();

    private final Path directory;
    private final Linker linker;
    private Map<String, List<Path>> leftovers;

    AtomicFile(Path directory) {
        this(directory, (name, existing) -> Files.createLink(name, existing));
    }

    /** @param linker creates a hard link; replaced in tests by one of a file system that has none */
    AtomicFile(Path directory, Linker linker) {
        this.directory = directory;
        this.linker = linker;
    }

    /**
     * Creates the file, or finds it there with the same content. After the return it survives a power cut.
     *
     * @param owner names what the content is of, for its temporary files: 1 to 64 letters and digits
     * @throws UserError if the directory is missing, or the name is taken by other content
     * @throws IOException if it can't be written; nothing is under the name then, or the whole content
     */
    void create(String name, byte[] content, String owner) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new UserError("csv-directory: directory " + directory
                    + " does not exist; create it, or set 'directory' to one that does");
        }
        Path target = directory.resolve(name);
        List<Path> left = leftovers(owner);
        if (!link(target, content, owner) && !holds(target, content)) {
            throw new UserError(
                    "csv-directory: " + target + " exists and holds something else, it is never overwritten;"
                            + " move it away, or set another 'directory' or 'fileName', then send again");
        }
        sync(directory);
        // only now: whoever still writes one of these finds the file there and needs it no more
        for (Path file : left) {
            Files.deleteIfExists(file);
        }
        left.clear();
    }

    /** True if the name is free, or taken by the same content. */
    boolean isFree(String name, byte[] content) throws IOException {
        Path target = directory.resolve(name);
        return !Files.exists(target, LinkOption.NOFOLLOW_LINKS) || holds(target, content);
    }

    private boolean link(Path target, byte[] content, String owner) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path temporary = directory.resolve(PREFIX + owner + "-" + UUID.randomUUID() + SUFFIX);
            try {
                write(temporary, content);
                nameIt(target, temporary);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (NoSuchFileException e) {
                // another writer of the same document was done first and took the temporary file for a leftover
                if (attempt == MAX_TRIES) {
                    throw e;
                }
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
    }

    private void nameIt(Path target, Path temporary) throws IOException {
        try {
            linker.link(target, temporary);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            moveUnderLock(target, temporary);
        }
    }

    /**
     * For file systems without hard links. The lock keeps other writers of Caravan out, and a kill releases it; a foreign
     * program could still create the name between the look and the move.
     */
    private void moveUnderLock(Path target, Path temporary) throws IOException {
        synchronized (IN_PROCESS) {
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid() || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                    throw new FileAlreadyExistsException(target.toString());
                }
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static boolean holds(Path target, byte[] content) throws IOException {
        return Files.isRegularFile(target)
                && Files.size(target) == content.length
                && Arrays.equals(Files.readAllBytes(target), content);
    }

    /** Makes what was named in a directory survive a power cut. */
    static void sync(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException e) {
            // Windows opens no directories, and has no need to
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    /**
     * Temporary files that stood there when this directory was first written to, by owner. A process that lives leaves
     * none, so one look is enough, and a directory of many files is not read for every invoice.
     */
    private synchronized List<Path> leftovers(String owner) throws IOException {
        if (leftovers == null) {
            Map<String, List<Path>> found = new ConcurrentHashMap<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
                for (Path file : files) {
                    String rest = file.getFileName().toString().substring(PREFIX.length());
                    int dash = rest.indexOf('-');
                    if (dash > 0) {
                        found.computeIfAbsent(rest.substring(0, dash), o -> new CopyOnWriteArrayList<>())
                                .add(file);
                    }
                }
            }
            leftovers = found;
        }
        return leftovers.getOrDefault(owner, new CopyOnWriteArrayList<>());
    }

    /** Gives a file a second name. */
    interface Linker {
        void link(Path name, Path existing) throws IOException;
    }
}
