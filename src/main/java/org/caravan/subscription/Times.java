package org.caravan.subscription;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Times as callers write them. */
final class Times {
    private static final int LAST_YEAR = 9999;

    private Times() {}

    /**
     * A time in ISO 8601, UTC where it names no offset; a day alone is its beginning. What is finer than a microsecond is
     * cut off.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Instant parse(String text) {
        String time = text.strip().replace(' ', 'T');
        try {
            Instant instant;
            if (time.indexOf('T') < 0) {
                instant = LocalDate.parse(time).atStartOfDay().toInstant(ZoneOffset.UTC);
            } else if (time.matches(".*([Zz]|[+-]\\d{2}(:?\\d{2})?)$")) {
                instant = OffsetDateTime.parse(offset(time)).toInstant();
            } else {
                instant = LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
            }
            int year = instant.atOffset(ZoneOffset.UTC).getYear();
            if (year < 1 || year > LAST_YEAR) {
                throw new IllegalArgumentException("year " + year);
            }
            return instant.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no time", e);
        }
    }

    /** An offset with minutes and a colon: {@code +0200} and {@code +02} are usual, too. */
    private static String offset(String time) {
        return time.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2").replaceFirst("(T.*[+-]\\d{2})$", "$1:00");
    }
}
