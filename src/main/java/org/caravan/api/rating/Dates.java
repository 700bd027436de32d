package org.caravan.api.rating;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as CloudKitty's clients write and read them: ISO 8601, extended or basic, with T or a blank, UTC unless an offset
 * says otherwise. A blank before an offset is the plus that a URL has lost.
 */
final class Dates {
    private static final Pattern TIME = Pattern.compile("(\\d{4})(-?)(\\d{2})\\2(\\d{2})"
            + "(?:[Tt ](\\d{2}):?(\\d{2})(?::?(\\d{2})(?:[.,](\\d{1,9}))?)?(?:([Zz])|([+ -])(\\d{2}):?(\\d{2})?)?)?");
    private static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);
    private static final int NANO_DIGITS = 9;
    private static final int NANOS_PER_MICRO = 1_000;

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private Dates() {}

    /** A moment; a day alone means its beginning. */
    static Instant start(String text) {
        return parse(text, LocalTime.MIDNIGHT);
    }

    /** A moment; a day alone means 23:59:59 of it. */
    static Instant end(String text) {
        return parse(text, LAST_SECOND);
    }

    /** The first moment of the running month. */
    static Instant monthStart(Clock clock) {
        return month(clock).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /** The first moment of the month after the running one. */
    static Instant nextMonth(Clock clock) {
        return month(clock).plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static YearMonth month(Clock clock) {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    }

    /** As v1 writes times: UTC without offset, microseconds where there are any. */
    static String naive(Instant time) {
        return time == null ? null : (time.getNano() == 0 ? SECONDS : MICROS).format(time);
    }

    /** As v2 writes times: with offset. */
    static String withOffset(Instant time) {
        return time == null ? null : naive(time) + "+00:00";
    }

    /** @throws IllegalArgumentException if it is no time; what is finer than a microsecond is cut off */
    private static Instant parse(String text, LocalTime otherwise) {
        Matcher found = TIME.matcher(text.strip());
        if (!found.matches()) {
            throw new IllegalArgumentException("no time");
        }
        try {
            LocalDate day = LocalDate.of(number(found, 1), number(found, 3), number(found, 4));
            if (day.getYear() == 0) {
                throw new IllegalArgumentException("there is no year 0");
            }
            if (found.group(5) == null) {
                return day.atTime(otherwise).toInstant(ZoneOffset.UTC);
            }
            LocalDateTime time =
                    day.atTime(number(found, 5), number(found, 6), number(found, 7), nanos(found.group(8)));
            return time.toInstant(offset(found));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static ZoneOffset offset(Matcher found) {
        if (found.group(10) == null) {
            return ZoneOffset.UTC;
        }
        int sign = found.group(10).equals("-") ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(sign * number(found, 11), sign * number(found, 12));
    }

    private static int nanos(String fraction) {
        if (fraction == null) {
            return 0;
        }
        int nanos = Integer.parseInt(fraction + "0".repeat(NANO_DIGITS - fraction.length()));
        return nanos - nanos % NANOS_PER_MICRO;
    }

    private static int number(Matcher found, int group) {
        return found.group(group) == null ? 0 : Integer.parseInt(found.group(group));
    }
}
