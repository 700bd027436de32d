package org.caravan.metering;

/**
 * A record that can't be used, with all that a person needs to mend it.
 *
 * @param position line number (files) or offset (topics) within the source position it came from; -1 if unknown
 * @param positionIndex index into {@link UsageBatch#positions()}, 0 where the batch has one position or none
 * @param reason one line: what is wrong, with the offending value
 * @param raw the record as it was read, bounded by the reader's limit
 * @param format the data format that can read {@code raw} again: {@code caravan-csv}, {@code caravan-jsonl}
 *     or {@code caravan-cloudevents}
 * @param context what {@code raw} needs beside itself to be read again: the header line of a CSV, {@link #BILLED_UNITS},
 *     {@link #GIVEN_PRICE}, {@link #BILLED_UNITS_GIVEN_PRICE}; or null
 * @param complete true if {@code raw} is the whole record, unaltered: only then it may be read again
 * @param tenant the tenant, where the record could be read that far; else null
 * @param begin its begin in microseconds since 1970, where that could be read and is plausible; else null
 */
public record Rejected(
        long position,
        int positionIndex,
        String reason,
        String raw,
        String format,
        String context,
        boolean complete,
        String tenant,
        Long begin) {
    /** Context of a record that was converted already: its quantity is in the unit that its meter is billed in. */
    public static final String BILLED_UNITS = "billed units";

    /** Context of a record that came with its final price: rules must not price it when it is read again. */
    public static final String GIVEN_PRICE = "given price";

    /** Both {@link #BILLED_UNITS} and {@link #GIVEN_PRICE}. */
    public static final String BILLED_UNITS_GIVEN_PRICE = BILLED_UNITS + ", " + GIVEN_PRICE;

    /** A record of which nothing but its whole text is known. */
    public Rejected(long position, int positionIndex, String reason, String raw, String format, String context) {
        this(position, positionIndex, reason, raw, format, context, true, null, null);
    }
}
