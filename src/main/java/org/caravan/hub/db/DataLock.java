package org.caravan.hub.db;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.caravan.common.UserError;

/** Holds a data directory for one process; the operating system gives it back when the process ends, however it ends. */
final class DataLock implements AutoCloseable {
    private static final String NAME = "caravan.lock";

    /**
     * What this process holds. Asked before the file is touched: POSIX gives a process's lock back as soon as the process
     * closes any descriptor of the file, so a second look at it would lose the lock to whoever comes next.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path data;
    private final FileChannel channel;

    private DataLock(Path data, FileChannel channel) {
        this.data = data;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws UserError if another process holds it
     */
    static DataLock take(Path data) throws IOException {
        return tryTake(data).orElseThrow(() -> inUse(data));
    }

    /**
     * Looks without taking it or writing anything.
     *
     * @throws UserError if another process holds it now
     */
    static void refuseHeld(Path data) throws IOException {
        if (!Files.exists(data.resolve(NAME)) || HELD.contains(data.toRealPath())) {
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(data.resolve(NAME), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw inUse(data);
            }
        }
    }

    private static UserError inUse(Path data) {
        return new UserError(
                1,
                "data directory " + data + " is in use by " + holder(data)
                        + "; wait until it has ended, or choose another --data",
                null);
    }

    /** Takes the lock, or nothing if another process (or another place in this one) holds it. */
    static Optional<DataLock> tryTake(Path data) throws IOException {
        Path known = data.toRealPath();
        if (!HELD.add(known)) {
            return Optional.empty();
        }
        FileLock lock = null;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    data.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            if (lock == null) {
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return Optional.of(new DataLock(known, channel));
        } finally {
            if (lock == null) {
                HELD.remove(known);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /** The process that wrote itself into the lock last, whether it still holds it or not; empty if there is none. */
    static Optional<Long> lastHolder(Path data) {
        try {
            String pid = Files.readString(data.resolve(NAME)).strip();
            return pid.matches("\\d{1,18}") ? Optional.of(Long.parseLong(pid)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String holder(Path data) {
        try {
            if (HELD.contains(data.toRealPath())) {
                return "this process (" + ProcessHandle.current().pid() + ")";
            }
            String pid = Files.readString(data.resolve(NAME)).strip();
            return pid.isEmpty() ? "another process" : "process " + pid;
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(data);
    }
}
