package org.caravan.ledger.report;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Map;
import org.caravan.ledger.MetadataText;
import org.caravan.metering.UsageKey;

/** The values that records have in fields. */
final class Values {
    private static final long HOUR_MICROS = 3_600_000_000L;
    private static final long DAY_MICROS = 24 * HOUR_MICROS;

    private Values() {}

    /** The value of a field that a record has by its key. */
    static String of(Field field, UsageKey key) {
        return switch (field.kind()) {
            case TENANT -> key.tenant();
            case METER -> key.meter().name();
            case RESOURCE -> key.resource();
            case DATACENTER -> key.datacenter();
            case METADATA -> MetadataText.of(key.metadata(), field.name());
            default -> throw new IllegalArgumentException("no field of a key: " + field);
        };
    }

    /** The value of a field of time. */
    static String of(Field field, long begin) {
        if (field.kind() == Field.Kind.HOUR) {
            return String.valueOf(slot(begin, true) * 3_600);
        }
        LocalDate day = LocalDate.ofEpochDay(slot(begin, false));
        return switch (field.kind()) {
            case DAY_OF_YEAR -> String.valueOf(day.getDayOfYear());
            case WEEK_OF_YEAR -> week(day);
            case MONTH -> String.valueOf(day.getMonthValue());
            case YEAR -> String.valueOf(day.getYear());
            default -> throw new IllegalArgumentException("no field of time: " + field);
        };
    }

    /** The hour or day that a moment lies in, counted from 1970: two with the same have the same values of time. */
    static long slot(long begin, boolean hours) {
        return Math.floorDiv(begin, hours ? HOUR_MICROS : DAY_MICROS);
    }

    private static String week(LocalDate day) {
        int sinceSunday =
                day.getDayOfWeek() == DayOfWeek.SUNDAY ? 0 : day.getDayOfWeek().getValue();
        int week = (day.getDayOfYear() + 6 - sinceSunday) / 7;
        return week < 10 ? "0" + week : String.valueOf(week);
    }

    /** Columns of SQL over a day, by field of time. */
    static final Map<Field.Kind, String> SQL = Map.of(
            Field.Kind.DAY_OF_YEAR, "extract(doy from usage_day)::int::text",
            Field.Kind.WEEK_OF_YEAR,
                    "lpad(((extract(doy from usage_day)::int + 6 - extract(dow from usage_day)::int) / 7)::text, 2, '0')",
            Field.Kind.MONTH, "extract(month from usage_day)::int::text",
            Field.Kind.YEAR, "extract(year from usage_day)::int::text");
}
