package org.caravan.hub.db;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.caravan.common.UserError;

/** Holds a data directory for one process; the operating system gives it back when the process ends, however it ends. */
final class DataLock implements AutoCloseable {
    private static final String NAME = "caravan.lock";

    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws UserError if another process holds it
     */
    static DataLock take(Path data) throws IOException {
        return tryTake(data)
                .orElseThrow(() -> new UserError(
                        1,
                        "data directory " + data + " is in use by " + holder(data)
                                + "; wait until it has ended, or choose another --data",
                        null));
    }

    /** Takes the lock, or nothing if another process (or another place in this one) holds it. */
    static Optional<DataLock> tryTake(Path data) throws IOException {
        FileChannel channel = FileChannel.open(
                data.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held within this process: as good as held by another one.
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            return Optional.empty();
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return Optional.of(new DataLock(channel));
    }

    private static String holder(Path data) {
        try {
            String pid = Files.readString(data.resolve(NAME)).strip();
            return pid.isEmpty() ? "another process" : "process " + pid;
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
