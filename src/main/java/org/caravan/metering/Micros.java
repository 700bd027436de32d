package org.caravan.metering;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads ISO times into microseconds since 1970 without allocating: {@code 2026-10-01T00:00:00Z}, a blank for the T, an
 * offset ({@code +13:00}, {@code +1300}, {@code +13}), up to six fraction digits (more only if they are zeros). A time
 * without offset is UTC; a date alone is no time.
 *
 * <p>Keeps the text it read last, as a column of times mostly repeats it. For one thread.
 */
public final class Micros {
    /** What {@link #read} answers for a text that is no time. */
    public static final long NONE = Long.MIN_VALUE;

    private static final int LONGEST = 64;
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

    private final byte[] lastText = new byte[LONGEST];
    private int lastLength = -1;
    private long lastValue;

    /** The time in {@code bytes} from {@code from} to {@code to}, or {@link #NONE}. */
    long read(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == lastLength && Arrays.equals(lastText, 0, length, bytes, from, to)) {
            return lastValue;
        }
        long value = parse(bytes, from, to);
        if (length <= LONGEST) {
            System.arraycopy(bytes, from, lastText, 0, length);
            lastLength = length;
            lastValue = value;
        }
        return value;
    }

    /** The time in a text, or {@link #NONE}. */
    public static long of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    static long parse(byte[] bytes, int from, int to) {
        if (to - from < 19
                || to - from > LONGEST
                || bytes[from + 4] != '-'
                || bytes[from + 7] != '-'
                || (bytes[from + 10] != 'T' && bytes[from + 10] != ' ')
                || bytes[from + 13] != ':'
                || bytes[from + 16] != ':') {
            return NONE;
        }
        int year = two(bytes, from) * 100 + two(bytes, from + 2);
        int month = two(bytes, from + 5);
        int day = two(bytes, from + 8);
        int hour = two(bytes, from + 11);
        int minute = two(bytes, from + 14);
        int second = two(bytes, from + 17);
        if (year < 1
                || two(bytes, from) < 0
                || two(bytes, from + 2) < 0
                || month < 1
                || month > 12
                || day < 1
                || day > daysIn(year, month)
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 59) {
            return NONE;
        }
        long micros = ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60_000_000L + second * 1_000_000L;
        int at = from + 19;
        if (at < to && bytes[at] == '.') {
            int digits = 0;
            int unit = 100_000;
            for (at++; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++, digits++, unit /= 10) {
                if (unit == 0 && bytes[at] != '0') {
                    return NONE;
                }
                micros += (long) (bytes[at] - '0') * unit;
            }
            if (digits == 0) {
                return NONE;
            }
        }
        long offset = offsetMinutes(bytes, at, to);
        return offset == NONE ? NONE : micros - offset * 60_000_000L;
    }

    private static long offsetMinutes(byte[] bytes, int at, int to) {
        int length = to - at;
        if (length == 0 || length == 1 && bytes[at] == 'Z') {
            return 0;
        }
        boolean colon = length == 6 && bytes[at + 3] == ':';
        if ((bytes[at] != '+' && bytes[at] != '-') || (length != 3 && length != 5 && !colon)) {
            return NONE;
        }
        int hours = two(bytes, at + 1);
        int minutes = length == 3 ? 0 : two(bytes, at + (colon ? 4 : 3));
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return NONE;
        }
        int offset = hours * 60 + minutes;
        return bytes[at] == '-' ? -offset : offset;
    }

    /** Two digits as a number, or -1. */
    private static int two(byte[] bytes, int at) {
        int tens = bytes[at] - '0';
        int ones = bytes[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static int daysIn(int year, int month) {
        int days = DAYS_BEFORE_MONTH[month] - DAYS_BEFORE_MONTH[month - 1];
        return month == 2 && isLeap(year) ? days + 1 : days;
    }

    private static long daysSince1970(int year, int month, int day) {
        int before = year - 1;
        long days = 365L * before + before / 4 - before / 100 + before / 400;
        days += DAYS_BEFORE_MONTH[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
        return days - 719_162;
    }
}
