package org.caravan.metering;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The units that convert exactly into one another.
 *
 * <p>Time: second, minute, hour, day. Data: B, decimal kB to TB, binary KiB to TiB; the words kilobyte to terabyte are
 * the binary ones, as OpenStack's meters and the bills made from them have always counted. A unit times a time, {@code
 * GB-hour}, {@code instance-hour}, converts where both its parts do.
 */
public final class Units {
    private static final Map<String, Unit> KNOWN = new HashMap<>();

    static {
        time(1, "second", "seconds", "s");
        time(60, "minute", "minutes", "min");
        time(3600, "hour", "hours", "h");
        time(86400, "day", "days", "d");
        data(10, 0, "B", "byte", "bytes");
        data(10, 3, "kB", "KB");
        data(10, 6, "MB");
        data(10, 9, "GB");
        data(10, 12, "TB");
        data(2, 10, "KiB", "kilobyte", "kilobytes");
        data(2, 20, "MiB", "megabyte", "megabytes");
        data(2, 30, "GiB", "gigabyte", "gigabytes");
        data(2, 40, "TiB", "terabyte", "terabytes");
    }

    private Units() {}

    /** What one unit is in base units (seconds, bytes) of its dimension. */
    private record Unit(String dimension, BigInteger size) {}

    /**
     * By what a quantity in unit {@code from} is multiplied to be one in unit {@code to}; empty if the two do not
     * convert. A unit converts into itself, known or not.
     */
    public static Optional<Fraction> between(String from, String to) {
        if (from.equals(to)) {
            return Optional.of(Fraction.ONE);
        }
        Unit source = unit(from);
        Unit target = unit(to);
        if (source == null || target == null || !source.dimension.equals(target.dimension)) {
            return Optional.empty();
        }
        return Optional.of(new Fraction(source.size, target.size));
    }

    private static Unit unit(String name) {
        Unit known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        int dash = name.lastIndexOf('-');
        Unit time = dash < 1 ? null : KNOWN.get(name.substring(dash + 1));
        if (time == null || !time.dimension.equals("time")) {
            return null;
        }
        String what = name.substring(0, dash);
        Unit part = KNOWN.getOrDefault(what, new Unit("'" + what + "'", BigInteger.ONE));
        return new Unit(part.dimension + "-time", part.size.multiply(time.size));
    }

    private static void time(long seconds, String... names) {
        for (String name : names) {
            KNOWN.put(name, new Unit("time", BigInteger.valueOf(seconds)));
        }
    }

    private static void data(int base, int exponent, String... names) {
        for (String name : names) {
            KNOWN.put(name, new Unit("data", BigInteger.valueOf(base).pow(exponent)));
        }
    }
}
