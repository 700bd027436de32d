package org.caravan.hub.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.caravan.common.UserError;

/**
 * A big file that appears whole or not at all, readable by its owner alone. Content goes to a hidden file beside it, is
 * synced, and gets its name at the end; what a killed process left is removed by the next one with the same target.
 */
final class NewFile implements AutoCloseable {
    private static final String PART = ".part";

    private final Path target;
    private final boolean replace;
    private final Path part;
    private final FileChannel channel;

    private NewFile(Path target, boolean replace, Path part, FileChannel channel) {
        this.target = target;
        this.replace = replace;
        this.part = part;
        this.channel = channel;
    }

    /**
     * Begins the file.
     *
     * @param replace whether one that is there may be replaced
     * @throws UserError if one is there, or the place can't be written
     */
    static NewFile begin(Path target, boolean replace) throws IOException {
        if (Files.isDirectory(target)) {
            throw new UserError("backup " + target + ": is a directory; give the path of a file");
        }
        if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(target);
        }
        Path directory = target.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new UserError("backup " + target + ": directory " + directory
                    + " does not exist or may not be written; make it first");
        }
        String name = "." + target.getFileName() + "-";
        removeLeftOvers(directory, name);
        Path part = directory.resolve(name + UUID.randomUUID() + PART);
        FileChannel channel = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // held for as long as it is written: who finds it locked leaves it alone
        channel.tryLock();
        return new NewFile(target, replace, part, channel);
    }

    private static void removeLeftOvers(Path directory, String name) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory,
                file -> file.getFileName().toString().startsWith(name)
                        && file.getFileName().toString().endsWith(PART))) {
            for (Path file : files) {
                try (FileChannel left = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    if (left.tryLock() != null) {
                        Files.deleteIfExists(file);
                    }
                } catch (OverlappingFileLockException | FileSystemException e) {
                    // somebody is writing it, or it is not ours to remove
                    continue;
                }
            }
        }
    }

    /** Where the content goes. */
    OutputStream out() {
        return Channels.newOutputStream(channel);
    }

    /** Gives the file its name, for keeps. */
    void commit() throws IOException {
        channel.force(true);
        if (replace) {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            nameIt();
        }
        try (FileChannel directory = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** A link refuses a name that is there by now, which a move would replace. */
    private void nameIt() throws IOException {
        try {
            Files.createLink(target, part);
        } catch (FileAlreadyExistsException e) {
            throw taken(target);
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw taken(target);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Removes what was not committed. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(part);
        channel.close();
    }

    private static UserError taken(Path target) {
        return new UserError(
                "backup " + target + ": is there already; choose another name, or replace it with --force");
    }
}
