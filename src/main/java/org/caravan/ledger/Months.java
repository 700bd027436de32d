package org.caravan.ledger;

import java.time.LocalDate;
import java.time.YearMonth;

/** Months as numbers (years * 12 + month - 1), for the batch path. */
final class Months {
    private static final long DAY_MICROS = 86_400_000_000L;

    private Months() {}

    static int number(YearMonth month) {
        return month.getYear() * 12 + month.getMonthValue() - 1;
    }

    static YearMonth of(int number) {
        return YearMonth.of(Math.floorDiv(number, 12), Math.floorMod(number, 12) + 1);
    }

    /** The UTC month of a moment in microseconds since 1970. */
    static int ofMicros(long micros) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(micros, DAY_MICROS));
        return day.getYear() * 12 + day.getMonthValue() - 1;
    }

    /** First moment of the month in microseconds since 1970. */
    static long startMicros(int number) {
        return firstDay(number) * DAY_MICROS;
    }

    /** First day of the month as days since 1970. */
    static int firstDay(int number) {
        return (int) of(number).atDay(1).toEpochDay();
    }
}
