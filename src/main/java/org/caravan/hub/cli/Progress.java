package org.caravan.hub.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.BillListener;

/** One line on standard error that is written over while work goes on; nothing where nobody watches. */
final class Progress implements BillListener, AutoCloseable {
    private static final int WIDTH = 30;
    private static final int REFRESH_MILLIS = 100;
    private static final int ERASE_COLUMNS = 78;

    private final PrintStream err;
    private final ScheduledExecutorService refresher;
    private volatile String line = "starting";
    private String shown = "";

    private Progress(PrintStream err, ScheduledExecutorService refresher) {
        this.err = err;
        this.refresher = refresher;
    }

    static Progress to(Terminal terminal) {
        if (!terminal.interactive()) {
            return new Progress(terminal.err(), null);
        }
        ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        Progress progress = new Progress(terminal.err(), refresher);
        refresher.scheduleAtFixedRate(progress::show, 0, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
        return progress;
    }

    @Override
    public void reading(long bytes, long of) {
        if (refresher != null) {
            line = bar("reading usage", bytes, of)
                    + String.format(Locale.ROOT, " %,d of %,d MiB", bytes >> 20, of >> 20);
        }
    }

    @Override
    public void step(String name) {
        line = name + " ...";
    }

    @Override
    public void delivering(long done, long of) {
        if (refresher != null) {
            line = bar("delivering", done, of) + String.format(Locale.ROOT, " %,d of %,d invoices", done, of);
        }
    }

    @Override
    public void close() {
        if (refresher != null) {
            refresher.shutdownNow();
            synchronized (this) {
                err.print("\r" + " ".repeat(ERASE_COLUMNS) + "\r");
                err.flush();
                shown = null;
            }
        }
    }

    private synchronized void show() {
        String next = line;
        if (shown != null && !next.equals(shown)) {
            err.print("\r" + next + " ".repeat(Math.max(0, shown.length() - next.length())));
            err.flush();
            shown = next;
        }
    }

    private static String bar(String what, long done, long of) {
        long percent = of <= 0 ? 100 : Math.min(100, done * 100 / of);
        int full = (int) (WIDTH * percent / 100);
        return String.format(
                Locale.ROOT, "%-14s[%s%s] %3d %%", what, "#".repeat(full), " ".repeat(WIDTH - full), percent);
    }
}
