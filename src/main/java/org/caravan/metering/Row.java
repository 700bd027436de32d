package org.caravan.metering;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One record as a reader found it: where its fields' UTF-8 bytes lie. Reused from record to record.
 *
 * <p>Bytes that a field points into are followed by {@link Swar#PADDING} readable ones.
 */
abstract class Row {
    static final int ID = 0;
    static final int REALM = 1;
    static final int TENANT = 2;
    static final int DATACENTER = 3;
    static final int RESOURCE = 4;
    static final int METER = 5;
    static final int UNIT = 6;
    static final int QUANTITY = 7;
    static final int BEGIN = 8;
    static final int END = 9;
    static final int PRICE = 10;

    /** What {@link #read} answers of a text that is no usage, as its mapping says; compared by identity. */
    static final String PASSED_OVER = new String("passed over");

    /** The fields' names, as columns and as keys; the order is that of the constants. */
    static final String[] NAMES = {
        "id", "realm", "tenant", "datacenter", "resource", "meter", "unit", "quantity", "begin", "end", "price"
    };

    /** Where the fields lie. */
    byte[] bytes;

    /** Start of each field; a field that starts where it ends is absent. */
    final int[] from = new int[NAMES.length];

    final int[] to = new int[NAMES.length];

    /** True if the record is of a moment, its begin: its period is the microsecond that begins there, and no end is read. */
    boolean moment;

    /** True if some text of the record may hold a control character or one beyond ASCII. */
    boolean unusual;

    /** Bytes of which the record's key is made: everything that repeats; set by {@link #readKey}. */
    byte[] keyBytes;

    int[] keyFrom;
    int[] keyTo;
    int keyRuns;

    /**
     * Finds the fields of a record's text.
     *
     * @return null, or the reason why it can't be used
     */
    abstract String read(RawText text);

    /** What is wrong with the record whose fields were found, or null; what it can say nevertheless is known. */
    String fault() {
        return null;
    }

    /**
     * The record as a line that {@link #format()} reads again; null where its text alone does not say all of it.
     *
     * @param text what was read last, whole, and UTF-8
     */
    String whole(RawText text) {
        return new String(text.bytes, text.from, text.length(), StandardCharsets.UTF_8);
    }

    /** The data format that reads such lines again. */
    abstract String format();

    /** What a line needs beside itself to be read again, or null. */
    abstract String context();

    /** Says which bytes make the key of a record of this meter: two records with equal ones have equal texts. */
    abstract void readKey(MeterEntry meter);

    /** Adds the kept metadata to a map; called when the key is met for the first time. */
    abstract void metadata(MeterEntry meter, Map<String, Object> into);

    final boolean has(int field) {
        return to[field] > from[field];
    }

    final String text(int field) {
        return has(field) ? new String(bytes, from[field], to[field] - from[field], StandardCharsets.UTF_8) : "";
    }
}
