package org.caravan.metering;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import org.caravan.common.ConfigNode;

/**
 * How a mapping's times are written.
 *
 * @param format pattern of Java's DateTimeFormatter, {@code epoch-seconds} or {@code epoch-millis}; null for Caravan's own
 * @param formatter of the pattern, or null
 * @param zone where its clock hangs
 * @param plus what is added: where a column names the last day of a period, or only its begin is there
 */
record MappedTime(String format, DateTimeFormatter formatter, ZoneId zone, Duration plus) {
    private static final String SECONDS = "epoch-seconds";
    private static final String MILLIS = "epoch-millis";
    private static final long THOUSAND = 1_000;

    static MappedTime read(ConfigNode node) {
        ConfigNode format = node.get("format");
        ConfigNode zone = node.get("zone");
        ConfigNode plus = node.get("plus");
        if (format == null && zone == null && plus == null) {
            return null;
        }
        return new MappedTime(
                format == null ? null : format.text(),
                format == null ? null : formatter(format),
                zone == null ? ZoneOffset.UTC : zone(zone),
                plus == null ? Duration.ZERO : duration(plus));
    }

    private static DateTimeFormatter formatter(ConfigNode format) {
        if (format.text().equals(SECONDS) || format.text().equals(MILLIS)) {
            return null;
        }
        try {
            // strict resolving wants an era beside a y, and people write y; what stands in quotes stays
            return DateTimeFormatter.ofPattern(format.text().replaceAll("y(?=([^']*'[^']*')*[^']*$)", "u"), Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw format.error("'" + format.text() + "' is no time format such as dd.MM.yyyy HH:mm, " + SECONDS + " or "
                    + MILLIS + " (" + e.getMessage() + ")");
        }
    }

    private static ZoneId zone(ConfigNode zone) {
        try {
            return ZoneId.of(zone.text());
        } catch (DateTimeException e) {
            throw zone.error("'" + zone.text() + "' is no time zone such as UTC or Europe/Berlin");
        }
    }

    private static Duration duration(ConfigNode plus) {
        String text = plus.text();
        if (text.matches("\\d{1,6}[smhd]")) {
            long count = Long.parseLong(text.substring(0, text.length() - 1));
            return switch (text.charAt(text.length() - 1)) {
                case 's' -> Duration.ofSeconds(count);
                case 'm' -> Duration.ofMinutes(count);
                case 'h' -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
        throw plus.error("expected a duration such as 1h or 1d, found '" + text + "'");
    }

    /**
     * The moment that a text names, by the format.
     *
     * @throws DateTimeException with what is wrong
     */
    Instant read(String text) {
        if (formatter == null) {
            if (!text.matches("-?\\d{1,16}")) {
                throw new DateTimeException("is no number of " + format);
            }
            long number = Long.parseLong(text);
            return format.equals(SECONDS)
                    ? Instant.ofEpochSecond(number)
                    : Instant.ofEpochSecond(
                            Math.floorDiv(number, THOUSAND), Math.floorMod(number, THOUSAND) * 1_000_000L);
        }
        TemporalAccessor read = formatter.parse(text);
        if (read.isSupported(ChronoField.OFFSET_SECONDS)) {
            return Instant.from(read);
        }
        LocalTime time = read.query(TemporalQueries.localTime());
        return at(LocalDate.from(read).atTime(time == null ? LocalTime.MIDNIGHT : time));
    }

    /** Local to UTC, where the clocks of the zone show the time once. */
    Instant at(LocalDateTime local) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.size() != 1) {
            throw new DateTimeException(
                    offsets.isEmpty()
                            ? "is skipped by the clocks of " + zone
                            : "is shown twice by the clocks of " + zone + " and says no offset");
        }
        return local.toInstant(offsets.get(0));
    }
}
