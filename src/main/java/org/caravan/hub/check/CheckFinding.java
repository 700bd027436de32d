package org.caravan.hub.check;

/**
 * One thing that was looked at.
 *
 * @param level how bad it is
 * @param area the kind of thing: {@code settings}, {@code routes}, {@code sources}
 * @param thing which one
 * @param text what was found, and where; one line
 * @param remedy what a person should do; null where nothing
 */
public record CheckFinding(Level level, String area, String thing, String text, String remedy) {
    /** How bad it is, the least first. */
    public enum Level {
        GOOD,
        /** The hub works, but a person should look. */
        WARNING,
        /** Right, as far as can be told, but not to be reached, or not as it has to be, now. */
        FAILED,
        /** Wrong: the hub would refuse it. */
        WRONG
    }
}
