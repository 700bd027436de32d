package org.caravan.metering;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.caravan.common.UserError;

/** The key under which the ledger remembers how far a file was read: what it holds, never what it is called. */
public final class FilePosition {
    private static final int PART_BYTES = 1 << 20;

    private FilePosition() {}

    /**
     * {@code <size>-<SHA-256 of the first and the last MiB>}; a file of at most two MiB is digested whole.
     *
     * @throws RefusedUsage if the file may not be read
     * @throws UserError if it can't be read for another reason
     */
    public static String of(Path path) {
        try {
            return read(path);
        } catch (AccessDeniedException e) {
            throw new RefusedUsage("file " + path + ": may not be read; check its permissions", e);
        } catch (IOException e) {
            throw new UserError("file " + path + ": can't be read (" + e.getMessage() + ")", e);
        }
    }

    /** As {@link #of}, with the error as it comes. */
    static String read(Path path) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(path)) {
            long size = file.size();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long tail = Math.max(Math.min(size, PART_BYTES), size - PART_BYTES);
            update(digest, file, 0, Math.min(size, PART_BYTES));
            update(digest, file, tail, size);
            return size + "-" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, SeekableByteChannel file, long from, long to) throws IOException {
        ByteBuffer part = ByteBuffer.allocate((int) (to - from));
        file.position(from);
        while (part.hasRemaining()) {
            if (file.read(part) < 0) {
                throw new EOFException("it became shorter while it was read");
            }
        }
        digest.update(part.array());
    }
}
