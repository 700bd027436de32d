package org.caravan.hub.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.Decimals;
import org.caravan.common.Nearest;

/**
 * How the text of a setting becomes a value.
 *
 * @param name for people: what to write
 * @param parser throws {@link IllegalArgumentException} with what is expected
 */
public record ValueType<T>(String name, Parser<T> parser) {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    /** Text to value; {@code base} is the directory that relative paths of this text belong to. */
    public interface Parser<T> {
        T parse(String text, Path base);
    }

    static ValueType<String> text(int maxLength) {
        return new ValueType<>("text", (text, base) -> {
            if (text.isBlank() || text.length() > maxLength) {
                throw new IllegalArgumentException("expected a text of 1 to " + maxLength + " characters");
            }
            return text;
        });
    }

    static ValueType<String> choice(String... words) {
        return new ValueType<>(String.join(" or ", words), (text, base) -> {
            if (!List.of(words).contains(text)) {
                throw new IllegalArgumentException(
                        "expected " + String.join(" or ", words) + Nearest.hint(text, List.of(words)));
            }
            return text;
        });
    }

    static ValueType<String> currency() {
        return new ValueType<>("currency", (text, base) -> {
            List<String> known = Currency.getAvailableCurrencies().stream()
                    .map(Currency::getCurrencyCode)
                    .sorted()
                    .toList();
            if (!known.contains(text)) {
                throw new IllegalArgumentException(
                        "expected an ISO 4217 currency code such as EUR or NZD" + Nearest.hint(text, known));
            }
            return text;
        });
    }

    static ValueType<Path> path() {
        return new ValueType<>("path", (text, base) -> {
            try {
                if (text.isBlank()) {
                    throw new IllegalArgumentException("expected a path");
                }
                return base.resolve(text).normalize();
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("expected a path (" + e.getReason() + ")", e);
            }
        });
    }

    static ValueType<List<Path>> paths() {
        return new ValueType<>("paths", (text, base) -> Arrays.stream(text.split(",", -1))
                .map(one -> path().parser().parse(one.strip(), base))
                .toList());
    }

    static ValueType<Long> number(long least, long most) {
        return new ValueType<>("number, " + least + " to " + most, (text, base) -> {
            BigInteger value;
            try {
                value = new BigInteger(text.replace("_", ""));
            } catch (NumberFormatException e) {
                value = null;
            }
            if (value == null
                    || value.compareTo(BigInteger.valueOf(least)) < 0
                    || value.compareTo(BigInteger.valueOf(most)) > 0) {
                throw new IllegalArgumentException("expected a whole number from " + least + " to " + most);
            }
            return value.longValueExact();
        });
    }

    static ValueType<BigDecimal> decimal(BigDecimal least, BigDecimal most) {
        String range = least.toPlainString() + " to " + most.toPlainString();
        return new ValueType<>("decimal, " + range, (text, base) -> {
            BigDecimal value;
            try {
                value = Decimals.parse(text);
            } catch (NumberFormatException e) {
                value = null;
            }
            if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException("expected a decimal number from " + range);
            }
            return value;
        });
    }

    static ValueType<Duration> duration(Duration least, Duration most) {
        String range = write(least) + " to " + write(most);
        return new ValueType<>("duration, " + range, (text, base) -> {
            Duration value = duration(text);
            if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException("expected a duration such as 90s, 10m or 31d, from " + range);
            }
            return value;
        });
    }

    static ValueType<Instant> instant() {
        return new ValueType<>("UTC time", (text, base) -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("expected a UTC time such as 2000-01-01T00:00:00Z", e);
            }
        });
    }

    private static Duration duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (matcher.matches()) {
            return UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String write(Duration duration) {
        for (String unit : List.of("d", "h", "m", "s", "ms")) {
            Duration one = UNITS.get(unit);
            if (!duration.isZero() && duration.toMillis() % one.toMillis() == 0) {
                return duration.dividedBy(one) + unit;
            }
        }
        return duration.isZero() ? "0s" : duration.toString();
    }
}
