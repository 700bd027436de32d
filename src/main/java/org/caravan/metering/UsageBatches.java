package org.caravan.metering;

import java.io.Closeable;
import java.time.Clock;
import java.util.Iterator;

/**
 * The batches of one input, in order. The last one, and only it, covers the input's end; it may be empty.
 *
 * <p>{@code next()} and {@code hasNext()} throw {@link org.caravan.common.UserError} where the input is refused as a
 * whole: it can't be read, or too many of its lines are unusable. For one thread; {@link #close()} may come from any.
 *
 * <pre>{@code
 * try (UsageBatches batches = UsageBatches.csv(UsageInput.file(path, "files"), settings, meters, Clock.systemUTC())) {
 *     while (batches.hasNext()) {
 *         ledger.commit(batches.next());
 *     }
 * }
 * }</pre>
 */
public interface UsageBatches extends Iterator<UsageBatch>, Closeable {
    /** Ends reading, also amidst the input, and closes its stream; never throws. Repeating it changes nothing. */
    @Override
    void close();

    /**
     * Reads caravan-csv, or a CSV that the settings have a mapping for; a {@code .gz} is known by its first bytes. The header is read at once.
     *
     * @throws org.caravan.common.UserError if the header can't be read or lacks a column; the stream is then closed
     */
    static UsageBatches csv(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return BatchReader.open(input, settings, meters, clock, CsvHeader::open);
    }

    /** Reads caravan-cloudevents, one structured event a line; otherwise as {@link #csv}. */
    static UsageBatches cloudEvents(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return BatchReader.open(input, settings, meters, clock, (lines, limits, name) -> new CloudEventRow(limits));
    }

    /** Reads caravan-jsonl; otherwise as {@link #csv}. */
    static UsageBatches jsonl(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return BatchReader.open(input, settings, meters, clock, (lines, limits, name) -> new JsonRow(limits));
    }
}
