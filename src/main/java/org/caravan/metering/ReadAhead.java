package org.caravan.metering;

import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Parses batches in a thread of its own while the consumer commits earlier ones; the queue between them is bounded.
 *
 * <p>The parser's error takes its place in the queue: it reaches the consumer after the batches that came before it.
 */
final class ReadAhead implements UsageBatches {
    private static final AtomicLong NUMBER = new AtomicLong();
    private static final long POLL_MILLIS = 200;

    private final UsageBatches parser;
    private final BlockingQueue<Item> queue;
    private final Thread thread;
    private volatile boolean closed;
    private Item head;

    /** A batch, an error, or with neither the end. */
    private record Item(UsageBatch batch, Throwable error) {}

    private static final Item END = new Item(null, null);

    ReadAhead(UsageBatches parser, int batches) {
        this.parser = parser;
        this.queue = new ArrayBlockingQueue<>(batches);
        this.thread = new Thread(this::parse, "caravan-read-ahead-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    private void parse() {
        try {
            Item item;
            do {
                item = read();
                queue.put(item);
            } while (item.batch != null && !closed);
        } catch (InterruptedException e) {
            // closed: the consumer wants no more
            Thread.currentThread().interrupt();
        } finally {
            parser.close();
        }
    }

    private Item read() {
        try {
            return parser.hasNext() ? new Item(parser.next(), null) : END;
        } catch (RuntimeException | Error e) {
            return new Item(null, e);
        }
    }

    @Override
    public boolean hasNext() {
        Item item = head();
        if (item.error instanceof RuntimeException e) {
            throw e;
        }
        if (item.error instanceof Error e) {
            throw e;
        }
        return item.batch != null;
    }

    @Override
    public UsageBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        UsageBatch batch = head.batch;
        head = null;
        return batch;
    }

    /** The next item; an end or an error stays for ever. */
    private Item head() {
        try {
            while (head == null) {
                // Polled, so that a close from another thread is seen.
                head = closed ? END : queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
            return head;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for usage to be read", e);
        }
    }

    /** Stops the parser: a wait for room by interrupting it, a wait for data by closing the stream. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        queue.clear();
        parser.close();
    }
}
