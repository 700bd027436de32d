package org.caravan.rating.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times in sentences about rules: UTC, with microseconds where there are any. */
final class RuleClock {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private RuleClock() {}

    static String said(Instant time) {
        return time == null ? "None" : (time.getNano() == 0 ? SECONDS : MICROS).format(time);
    }
}
