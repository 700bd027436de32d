package org.caravan.metering;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of the day that a meter's usage is told apart by. They follow each other without a gap, the last one over
 * midnight into the first, in UTC.
 *
 * @param borders minutes of the day at which a band begins, ascending; at least two
 */
public record Bands(List<Integer> borders) {
    /** Most borders that a meter may have: a record of a month becomes as many a day. */
    public static final int MAX = 24;

    private static final long MINUTE = 60_000_000L;
    private static final int DAY = 24 * 60;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final Pattern PRODUCT = Pattern.compile("(.+) (\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

    public Bands {
        borders = List.copyOf(borders);
        if (borders.size() < 2 || borders.size() > MAX) {
            throw new IllegalArgumentException("expected 2 to " + MAX + " times of the day, found " + borders.size());
        }
        for (int i = 1; i < borders.size(); i++) {
            if (borders.get(i) <= borders.get(i - 1)) {
                throw new IllegalArgumentException("expected times in the order of the day, each once");
            }
        }
    }

    /**
     * Bands between times of the day such as {@code 08:00}.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    public static Bands parse(List<String> times) {
        List<Integer> borders = new ArrayList<>();
        for (String time : times) {
            borders.add(minute(time));
        }
        return new Bands(borders);
    }

    /**
     * Minute of the day of a time such as {@code 18:00}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static int minute(String time) {
        try {
            LocalTime parsed = LocalTime.parse(time, TIME);
            return parsed.getHour() * 60 + parsed.getMinute();
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("'" + time + "' is no time of the day such as 08:00", e);
        }
    }

    /** How many there are. */
    int count() {
        return borders.size();
    }

    /** The band that a moment is in, microseconds since 1970. */
    int at(long micros) {
        long minute = Math.floorMod(Math.floorDiv(micros, MINUTE), (long) DAY);
        int band = borders.size() - 1;
        for (int i = 0; i < borders.size(); i++) {
            if (minute >= borders.get(i)) {
                band = i;
            }
        }
        return minute < borders.get(0) ? borders.size() - 1 : band;
    }

    /** The first border after a moment. */
    long next(long micros) {
        long day = Math.floorDiv(micros, DAY * MINUTE) * DAY * MINUTE;
        for (int border : borders) {
            if (day + border * MINUTE > micros) {
                return day + border * MINUTE;
            }
        }
        return day + (DAY + borders.get(0)) * MINUTE;
    }

    /** The product's name in a band: {@code instance 08:00-18:00}. */
    String product(String product, int band) {
        return product + " " + text(borders.get(band)) + "-" + text(borders.get((band + 1) % borders.size()));
    }

    private static String text(int minute) {
        return LocalTime.of(minute / 60, minute % 60).format(TIME);
    }

    /**
     * A product in a band, taken apart.
     *
     * @param product its name without the band
     * @param start minute of the day at which the band begins
     * @param end minute of the day at which it ends; before {@code start} over midnight
     */
    public record Part(String product, int start, int end) {
        /** {@code 08:00-18:00}. */
        public String times() {
            return text(start) + "-" + text(end);
        }
    }

    /** What a product's name says of its band; empty where it is of none. */
    public static Optional<Part> part(String product) {
        Matcher matcher = PRODUCT.matcher(product);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Part(matcher.group(1), minute(matcher.group(2)), minute(matcher.group(3))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
