package org.caravan.metering;

/**
 * A record that can't be used, with all that a person needs to mend it.
 *
 * @param position line number (files) or offset (topics) within the source position it came from; -1 if unknown
 * @param positionIndex index into {@link UsageBatch#positions()}, 0 where the batch has one position or none
 * @param reason one line: what is wrong, with the offending value
 * @param raw the record as it was read, bounded by the reader's limit
 * @param format the data format that can read {@code raw} again: {@code caravan-csv} or {@code caravan-jsonl}
 * @param context what {@code raw} needs beside itself to be read again: the header line of a CSV; or null
 */
public record Rejected(long position, int positionIndex, String reason, String raw, String format, String context) {}
