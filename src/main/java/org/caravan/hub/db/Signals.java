package org.caravan.hub.db;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Signals that Java can't send: it knows TERM, on which PostgreSQL waits for its clients to leave, and KILL. */
final class Signals {
    private Signals() {}

    /** Tells a process to end; true if it is gone within the limit. */
    static boolean end(ProcessHandle process, String signal, Duration limit) throws IOException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            kill.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        } catch (ExecutionException | TimeoutException e) {
            return !process.isAlive();
        }
    }
}
