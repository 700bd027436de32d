package org.caravan.ledger.report;

import java.util.Comparator;

/**
 * What usage is grouped or filtered by.
 *
 * @param name of a metadata field; empty for the others
 */
public record Field(Kind kind, String name) {
    /** Where the value comes from. */
    public enum Kind {
        TENANT,
        METER,
        RESOURCE,
        DATACENTER,
        METADATA,
        /** Day of the year, 1 to 366. */
        DAY_OF_YEAR,
        /** Week of the year, 00 to 53; weeks begin on Sunday, what is before the first Sunday is week 00. */
        WEEK_OF_YEAR,
        /** Month, 1 to 12. */
        MONTH,
        YEAR,
        /** The hour in which a record begins; only records know it. */
        HOUR;

        boolean isTime() {
            return compareTo(DAY_OF_YEAR) >= 0;
        }
    }

    public static final Field TENANT = new Field(Kind.TENANT, "");
    public static final Field METER = new Field(Kind.METER, "");
    public static final Field RESOURCE = new Field(Kind.RESOURCE, "");
    public static final Field DATACENTER = new Field(Kind.DATACENTER, "");
    public static final Field DAY_OF_YEAR = new Field(Kind.DAY_OF_YEAR, "");
    public static final Field WEEK_OF_YEAR = new Field(Kind.WEEK_OF_YEAR, "");
    public static final Field MONTH = new Field(Kind.MONTH, "");
    public static final Field YEAR = new Field(Kind.YEAR, "");
    public static final Field HOUR = new Field(Kind.HOUR, "");

    /** A metadata field; what does not have it counts as the empty text. */
    public static Field metadata(String name) {
        return new Field(Kind.METADATA, name.replace('\0', '\ufffd'));
    }

    /** The order of its values: numbers by size, texts by their UTF-8 bytes, as SQL's collation "C". */
    Comparator<String> order() {
        return kind.isTime() ? Texts.AS_NUMBERS : Texts.AS_BYTES;
    }
}
