package org.caravan.invoice;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Instants and months as PostgreSQL keeps them: UTC, to the microsecond; a month is its first day. */
public final class SqlTime {
    /** {@code 'infinity'}: due only when a person says so. */
    static final OffsetDateTime NEVER = OffsetDateTime.MAX;

    private SqlTime() {}

    public static OffsetDateTime at(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    public static LocalDate month(YearMonth month) {
        return month.atDay(1);
    }

    public static YearMonth month(ResultSet row, String column) throws SQLException {
        return YearMonth.from(row.getObject(column, LocalDate.class));
    }

    /** The instant in a column, or null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
