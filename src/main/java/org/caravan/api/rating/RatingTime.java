package org.caravan.api.rating;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as clients write them: ISO 8601, extended or basic, with a blank for the T, with or without an offset. */
final class RatingTime {
    private static final String DATE = "(\\d{4})(?:-(\\d\\d)-(\\d\\d)|(\\d\\d)(\\d\\d))";
    private static final String TIME = "(\\d\\d)(?::?(\\d\\d)(?::?(\\d\\d)(?:[.,](\\d{1,9}))?)?)?";

    /** A plus that nobody encoded arrives as a blank. */
    private static final String OFFSET = "(?:([Zz])|([+ -])(\\d\\d)(?::?(\\d\\d))?)";

    private static final Pattern ISO = Pattern.compile(DATE + "(?:[Tt ]" + TIME + OFFSET + "?)?");

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

    private RatingTime() {}

    /** Reads a time, to the microsecond; UTC where no offset is written; null if it is none. */
    static Instant read(String text) {
        Matcher iso = ISO.matcher(text.strip());
        if (!iso.matches()) {
            return null;
        }
        try {
            LocalDate date = LocalDate.of(
                    number(iso.group(1)),
                    number(iso.group(2) != null ? iso.group(2) : iso.group(4)),
                    number(iso.group(3) != null ? iso.group(3) : iso.group(5)));
            if (date.getYear() == 0) {
                return null;
            }
            LocalTime time =
                    LocalTime.of(number(iso.group(6)), number(iso.group(7)), number(iso.group(8)), nanos(iso.group(9)));
            return OffsetDateTime.of(date, time, offset(iso)).toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static ZoneOffset offset(Matcher iso) {
        if (iso.group(11) == null) {
            return ZoneOffset.UTC;
        }
        int sign = iso.group(11).equals("-") ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(sign * number(iso.group(12)), sign * number(iso.group(13)));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }

    /** As v1 writes it: UTC, without saying so. */
    static String v1(Instant moment) {
        LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
        return time.format(time.getNano() == 0 ? SECONDS : MICROS);
    }

    /** As v2 writes it. */
    static String v2(Instant moment) {
        return v1(moment) + "+00:00";
    }

    /** The first moment of the running month. */
    static Instant monthStart(Clock clock) {
        return clock.instant()
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .with(TemporalAdjusters.firstDayOfMonth())
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
    }

    /** The first moment of the month after the running one. */
    static Instant nextMonth(Clock clock) {
        return monthStart(clock).atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
    }
}
