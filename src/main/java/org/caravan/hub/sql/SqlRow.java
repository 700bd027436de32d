package org.caravan.hub.sql;

import java.time.Instant;

/**
 * A row as it was read.
 *
 * @param watermark as the driver gave it, to be handed back
 * @param moment what the watermark means
 * @param tie as the driver gave it; null where the column is
 * @param record as a line of caravan-jsonl
 */
record SqlRow(Object watermark, Instant moment, Object tie, String record) {}
