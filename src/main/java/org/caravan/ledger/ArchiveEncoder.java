package org.caravan.ledger;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.caravan.metering.UsageBatch;

/**
 * Encodes a batch's archive on a thread of its own while the commit waits for the database: neither needs the other before
 * the batch row is written. One at a time, as one batch commits at a time.
 */
final class ArchiveEncoder {
    private static final long IDLE_SECONDS = 5;

    private final ExecutorService thread;

    ArchiveEncoder() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread made = new Thread(task, "caravan-archive");
                    made.setDaemon(true);
                    return made;
                });
        // a ledger has no end of its own: its thread ends when there is nothing to do
        executor.allowCoreThreadTimeOut(true);
        this.thread = executor;
    }

    /** Begins to encode; the batch's rows must not change until the pending archive is closed. */
    Pending start(UsageBatch batch, BatchKeys keys) {
        return new Pending(keys.isEmpty() ? null : thread.submit(() -> ArchiveCodec.encode(batch, keys)));
    }

    /** An archive that may still be in the making. */
    static final class Pending implements AutoCloseable {
        private final Future<byte[]> encoded;

        private Pending(Future<byte[]> encoded) {
            this.encoded = encoded;
        }

        /** The archive; waits until it is there. */
        byte[] bytes() {
            try {
                return encoded.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a batch was archived", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a batch can't be archived: " + e.getCause(), e.getCause());
            }
        }

        /** SHA-256 of {@link #bytes}. */
        byte[] digest() {
            return Archives.digest(bytes());
        }

        /** Waits until nothing reads the batch any more, whatever became of the archive. */
        @Override
        public void close() {
            boolean interrupted = false;
            while (encoded != null && !encoded.isDone()) {
                try {
                    encoded.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException | CancellationException e) {
                    break;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
