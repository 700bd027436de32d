package org.caravan.hub.connector.check;

import java.util.Locale;

/**
 * How a check ended.
 *
 * @param detail what was seen, or why nothing could be seen; one line
 * @param remedy what has to be changed; null unless it failed
 */
public record Verdict(State state, String detail, String remedy) {
    /** Three ways to end. */
    public enum State {
        PASSED,
        FAILED,
        /** What the check is named for could not be seen. */
        SKIPPED;

        /** The word in reports. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Verdict passed(String detail) {
        return new Verdict(State.PASSED, line(detail), null);
    }

    static Verdict failed(String detail, String remedy) {
        return new Verdict(State.FAILED, line(detail), remedy);
    }

    static Verdict skipped(String reason) {
        return new Verdict(State.SKIPPED, line(reason), null);
    }

    boolean isFailed() {
        return state == State.FAILED;
    }

    private static String line(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
