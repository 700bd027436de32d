package org.caravan.hub.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.UserError;
import org.caravan.hub.check.CheckFinding.Level;

/** Collects what was found. A look that fails is a finding itself, and the next one goes on. */
public final class CheckReport {
    private static final int MAX_CAUSES = 32;
    private static final Pattern KEY =
            Pattern.compile("(?:caravan|camel|invoice)[.][A-Za-z0-9_./-]*[A-Za-z0-9_]|CARAVAN_[A-Z0-9_]+");

    private final List<CheckFinding> findings = new ArrayList<>();
    private final UnaryOperator<String> mask;

    /** @param mask takes secrets out of a text */
    public CheckReport(UnaryOperator<String> mask) {
        this.mask = mask;
    }

    /** A look that may fail in any way. */
    public interface Look {
        /** @return what was found good, or null where the look itself added what it found */
        String look() throws Exception;
    }

    /** What is wrong and was said already, found again by another way, is not said twice. */
    public synchronized void add(Level level, String area, String thing, String text, String remedy) {
        CheckFinding finding = new CheckFinding(level, area, thing, line(mask.apply(text)), line(mask.apply(remedy)));
        boolean known = level.compareTo(Level.FAILED) >= 0
                && findings.stream()
                        .anyMatch(other -> other.level().compareTo(Level.FAILED) >= 0
                                && other.text().equals(finding.text()));
        if (!known) {
            findings.add(finding);
        }
    }

    public void good(String area, String thing, String text) {
        add(Level.GOOD, area, thing, text, null);
    }

    /** An error for people, which says what is wrong first and what is to be done behind a semicolon. */
    public void add(Level level, String area, String thing, UserError error) {
        String message = error.getMessage();
        int end = message.indexOf("; ");
        add(
                level,
                area,
                thing,
                end > 0 ? message.substring(0, end) : message,
                end > 0 ? message.substring(end + 2) : null);
    }

    /**
     * Looks at one thing.
     *
     * @param level of what goes wrong
     */
    public void look(Level level, String area, String thing, Look look) {
        try {
            String good = look.look();
            if (good != null) {
                good(area, thing, good);
            }
        } catch (Exception | LinkageError e) {
            failed(level, area, thing, e);
        }
    }

    /** As {@link #look}, for what asks somebody: given up after a while. */
    public void ask(Level level, String area, String thing, Duration limit, Look look) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread asking = new Thread(
                () -> {
                    try {
                        answer.complete(look.look());
                    } catch (Throwable e) {
                        answer.completeExceptionally(e);
                    }
                },
                "caravan-check-" + thing);
        asking.setDaemon(true);
        asking.start();
        try {
            String good = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (good != null) {
                good(area, thing, good);
            }
        } catch (TimeoutException e) {
            asking.interrupt();
            add(
                    level,
                    area,
                    thing,
                    "gave no answer within " + limit.toMillis() / 1000.0 + " s",
                    "see that it runs and can be reached from this machine, or give it longer with --timeout");
        } catch (ExecutionException e) {
            failed(level, area, thing, e.getCause());
        } catch (InterruptedException e) {
            asking.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void failed(Level level, String area, String thing, Throwable e) {
        Throwable cause = e;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof UserError error) {
                add(level, area, thing, error);
                return;
            }
            if (cause.getCause() == null) {
                break;
            }
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        add(level, area, thing, cause.getClass().getSimpleName() + (message == null ? "" : ": " + message), null);
    }

    /** In the order in which things were looked at. */
    public synchronized List<CheckFinding> findings() {
        return List.copyOf(findings);
    }

    /** The worst of all. */
    public synchronized Level worst() {
        return findings.stream().map(CheckFinding::level).max(Level::compareTo).orElse(Level.GOOD);
    }

    /** The setting that a complaint is about; a dash where it names none. */
    public static String thing(String message) {
        Matcher key = KEY.matcher(message.replaceFirst("^\\S*[.]properties:\\d+: ", ""));
        if (key.find()) {
            return key.group();
        }
        Matcher other = Pattern.compile("^(?:--set |\\S+[.]properties:\\d+: )([^:\\s]+)")
                .matcher(message);
        return other.find() ? other.group(1) : "-";
    }

    private static String line(String text) {
        return text == null ? null : text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
