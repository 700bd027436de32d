package org.caravan.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;

/**
 * A record in quarantine.
 *
 * @param source where it came from; null for usage without position
 * @param key what of the source: a file's size and digest, a topic's partition; null with {@code source}
 * @param position line number or offset; null if unknown
 * @param kind unusable (could not be read, or not be rated) or conflict
 * @param format the data format that can read {@code raw} again
 * @param context what {@code raw} needs beside itself to be read again, or null
 * @param raw the record as read, bounded
 * @param complete true if {@code raw} is the whole record, unaltered
 * @param billed for a conflict: what was billed beside it, as a caravan-jsonl line; else null
 * @param tenant null where it could not be read
 * @param usageMonth month of its begin; null where that could not be read
 * @param state held, retried, accepted or dropped
 * @param amount what it costs, as rated when it was set aside; null if it could not be
 * @param billedAmount what the record billed beside it cost; null for an unusable one
 * @param note how it ended; null while it is held
 * @param batch the batch it came with
 * @param effect the batch that bills it, or null
 */
public record QuarantineEntry(
        long id,
        String source,
        String key,
        Long position,
        String kind,
        String reason,
        String format,
        String context,
        String raw,
        boolean complete,
        String billed,
        String tenant,
        YearMonth usageMonth,
        String state,
        BigDecimal amount,
        BigDecimal billedAmount,
        String note,
        long batch,
        Long effect,
        Instant createdAt,
        Instant updatedAt) {}
