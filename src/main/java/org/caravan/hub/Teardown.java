package org.caravan.hub;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be put away at the end, last thing first: also when the process is told to end (Ctrl-C, TERM).
 *
 * <p>One failure does not keep the others from being put away; the first one is thrown at the end.
 */
final class Teardown implements AutoCloseable {
    private final Deque<AutoCloseable> things = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeQuietly, "caravan-teardown");
    private boolean closed;

    Teardown() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Puts a thing on top; if the end has come already, it is put away at once. */
    <T extends AutoCloseable> T add(T thing) {
        synchronized (things) {
            if (!closed) {
                things.push(thing);
                return thing;
            }
        }
        closeQuietly(thing);
        throw new IllegalStateException("the run is being ended");
    }

    /** Puts everything away; doing it again does nothing, but waits for the first to be done. */
    @Override
    public void close() throws Exception {
        Exception first = closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook is what runs, or has run.
            return;
        }
        if (first != null) {
            throw first;
        }
    }

    private void closeQuietly() {
        closeAll();
    }

    private synchronized Exception closeAll() {
        Exception first = null;
        while (true) {
            AutoCloseable thing;
            synchronized (things) {
                closed = true;
                thing = things.poll();
            }
            if (thing == null) {
                return first;
            }
            Exception failure = closeQuietly(thing);
            if (first == null) {
                first = failure;
            } else if (failure != null) {
                first.addSuppressed(failure);
            }
        }
    }

    private static Exception closeQuietly(AutoCloseable thing) {
        try {
            thing.close();
            return null;
        } catch (Exception e) {
            return e;
        }
    }
}
