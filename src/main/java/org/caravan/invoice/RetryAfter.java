package org.caravan.invoice;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** How long an ERP asks to be left alone, as the HTTP header {@code Retry-After} says it. */
final class RetryAfter {
    /** An ERP that asks for more is asked again after this all the same. */
    static final Duration LONGEST = Duration.ofDays(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /**
     * Reads seconds or a date.
     *
     * @param text null if nothing was said
     * @return null if nothing was said or it can't be understood
     */
    static Duration parse(String text, Instant now) {
        if (text == null) {
            return null;
        }
        String said = text.strip();
        Duration wait;
        if (SECONDS.matcher(said).matches()) {
            wait = Duration.ofSeconds(Long.parseLong(said));
        } else {
            try {
                wait = Duration.between(
                        now,
                        ZonedDateTime.parse(said, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
            } catch (DateTimeException e) {
                return null;
            }
        }
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
