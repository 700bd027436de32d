package org.caravan.rating;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.caravan.common.ConfigNode;

/** The start and end of a rule's validity as written: ISO 8601, UTC unless an offset says otherwise, a day alone. */
public final class RuleTime {
    /** A day as an end means this time of it, as in the HashMap API. */
    private static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);

    private static final int NANOS_PER_MICRO = 1_000;

    private RuleTime() {}

    /**
     * A moment as a person writes it; a day alone means its first moment.
     *
     * @throws IllegalArgumentException with what is expected
     */
    public static Instant parse(String text) {
        return parse(text.trim(), LocalTime.MIDNIGHT);
    }

    /** A day alone means its first moment. */
    static Instant start(ConfigNode node) {
        return read(node, LocalTime.MIDNIGHT);
    }

    /** A day alone means 23:59:59 of it. */
    static Instant end(ConfigNode node) {
        return read(node, LAST_SECOND);
    }

    /** True if one period ends at 23:59:59 and the next begins a second later: a gap that nobody wants. */
    static boolean leavesLastSecond(Instant end, Instant start) {
        return end != null
                && start != null
                && end.plusSeconds(1).equals(start)
                && end.atOffset(ZoneOffset.UTC).toLocalTime().equals(LAST_SECOND);
    }

    private static Instant read(ConfigNode node, LocalTime timeOfDay) {
        try {
            return parse(node.text().trim(), timeOfDay);
        } catch (IllegalArgumentException e) {
            throw node.error(e.getMessage());
        }
    }

    private static Instant parse(String text, LocalTime timeOfDay) {
        Instant instant;
        try {
            if (!text.matches("\\d{4}-.*")) {
                throw notATime(text);
            }
            instant = text.indexOf(':') < 0
                    ? LocalDate.parse(text).atTime(timeOfDay).toInstant(ZoneOffset.UTC)
                    : moment(text.replaceFirst("^(\\d{4}-\\d{2}-\\d{2})[ t]", "$1T"));
        } catch (DateTimeParseException e) {
            throw notATime(text);
        }
        if (instant.getNano() % NANOS_PER_MICRO != 0) {
            throw new IllegalArgumentException("times are kept to the microsecond, found '" + text + "'");
        }
        return instant;
    }

    private static IllegalArgumentException notATime(String text) {
        return new IllegalArgumentException(
                "expected a time such as 2026-01-01T00:00:00 or 2026-01-01, found '" + text + "'");
    }

    private static Instant moment(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        }
    }
}
