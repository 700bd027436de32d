package org.caravan.hub.sql;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Locale;

/** Times of a database, with an offset or of a zone; never of the zone that this machine happens to have. */
record SqlTimes(ZoneId zone) {
    /** How a column keeps times. */
    enum Kind {
        NONE,
        WITH_OFFSET,
        LOCAL,
        DATE
    }

    static Kind kind(ResultSetMetaData columns, int column) throws SQLException {
        String name = columns.getColumnTypeName(column).toLowerCase(Locale.ROOT);
        int type = columns.getColumnType(column);
        if (type == Types.TIMESTAMP_WITH_TIMEZONE || name.equals("timestamptz") || name.contains("with time zone")) {
            return Kind.WITH_OFFSET;
        }
        return type == Types.TIMESTAMP ? Kind.LOCAL : type == Types.DATE ? Kind.DATE : Kind.NONE;
    }

    /** The value as it is handed back to the database; null where it is null. */
    static Object read(ResultSet row, int column, Kind kind) throws SQLException {
        return switch (kind) {
            case WITH_OFFSET -> row.getObject(column, OffsetDateTime.class);
            case LOCAL -> row.getObject(column, LocalDateTime.class);
            case DATE -> row.getObject(column, LocalDate.class);
            case NONE -> row.getObject(column);
        };
    }

    /**
     * What a value means: of a local time that its zone shows twice the earlier moment, so that reading never begins too late.
     * Null where it is no time.
     */
    Instant moment(Object value) {
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value instanceof LocalDateTime time) {
            return time.atZone(zone).toInstant();
        }
        return value instanceof LocalDate date ? date.atStartOfDay(zone).toInstant() : null;
    }

    /** A moment as a column of this kind keeps it. */
    Object value(Instant moment, Kind kind) {
        return switch (kind) {
            case WITH_OFFSET -> moment.atOffset(ZoneOffset.UTC);
            case LOCAL -> LocalDateTime.ofInstant(moment, zone);
            case DATE -> LocalDate.ofInstant(moment, zone);
            case NONE -> throw new IllegalArgumentException("no time");
        };
    }

    /** As a record says it; a local time that its zone skips or shows twice is left as it is, and its record set aside. */
    String text(Object value) {
        if (value instanceof LocalDateTime time) {
            ZoneRules rules = zone.getRules();
            return rules.getValidOffsets(time).size() == 1
                    ? time.atZone(zone).toInstant().toString()
                    : time + " (skipped or ambiguous in " + zone + ")";
        }
        Instant moment = moment(value);
        return moment == null ? value.toString() : moment.toString();
    }
}
