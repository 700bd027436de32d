package org.caravan.hub.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a program that was told to end by Ctrl-C or TERM end with exit code 0 once it has put everything away; Java itself
 * would answer 130 or 143, which service managers take for a failure.
 */
final class CleanEnd implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "caravan-end");
    private volatile boolean clean;

    CleanEnd() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Says that everything was put away in order. */
    void clean() {
        clean = true;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook is what waits for us.
            return;
        }
    }

    private void end() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            return;
        }
        if (clean) {
            Runtime.getRuntime().halt(0);
        }
    }
}
