package org.caravan.hub.source;

/**
 * One thing that a try of a source found.
 *
 * @param level how bad it is
 * @param what was looked at, in a word or two: {@code reachable}, {@code newest}
 * @param text what was found, one line
 * @param remedy what a person should do; null where nothing
 */
public record SourceFinding(Level level, String what, String text, String remedy) {
    /** How bad it is. */
    public enum Level {
        GOOD,
        /** Usage comes in, but a person should look. */
        WARNING,
        /** Usage does not come in. */
        BAD
    }

    public static SourceFinding good(String what, String text) {
        return new SourceFinding(Level.GOOD, what, text, null);
    }

    public static SourceFinding warning(String what, String text, String remedy) {
        return new SourceFinding(Level.WARNING, what, text, remedy);
    }

    public static SourceFinding bad(String what, String text, String remedy) {
        return new SourceFinding(Level.BAD, what, text, remedy);
    }
}
