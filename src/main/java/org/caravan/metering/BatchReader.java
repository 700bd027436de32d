package org.caravan.metering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** Reads lines into batches, whatever format they are in; see {@link UsageBatches}. */
final class BatchReader implements UsageBatches {
    /** A batch ends early where its rejected lines hold more than this, so that a file of garbage stays bounded. */
    static final long MAX_REJECTED_BYTES = 16 << 20;

    private static final int FIRST_CAPACITY = 4096;
    private static final int REASONS_SHOWN = 3;

    private final UsageInput input;
    private final MeteringSettings settings;
    private final LineBuffer lines;
    private final RecordReader records;
    private final List<String> firstReasons = new ArrayList<>();
    private long read;
    private long rejected;
    private long from = 1;
    private int capacity = FIRST_CAPACITY;
    private boolean ended;

    /** Makes the row that understands the input's lines, after reading what stands before the first record. */
    interface RowFactory {
        Row open(LineBuffer lines, MeteringSettings settings, String name) throws IOException;
    }

    private BatchReader(UsageInput input, MeteringSettings settings, LineBuffer lines, RecordReader records) {
        this.input = input;
        this.settings = settings;
        this.lines = lines;
        this.records = records;
    }

    static UsageBatches open(
            UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock, RowFactory rows) {
        boolean opened = false;
        try {
            LineBuffer lines = new LineBuffer(PlainText.of(input.stream()), settings.maxLineBytes());
            Row row = rows.open(lines, settings, input.name());
            BatchReader reader =
                    new BatchReader(input, settings, lines, new RecordReader(row, settings, meters, clock));
            UsageBatches batches = settings.readAhead() == 0 ? reader : new ReadAhead(reader, settings.readAhead());
            opened = true;
            return batches;
        } catch (IOException e) {
            throw unreadable(input, 0, e);
        } finally {
            if (!opened) {
                close(input);
            }
        }
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    @Override
    public UsageBatch next() {
        if (ended) {
            throw new NoSuchElementException();
        }
        // also where reading fails: what follows a failure was never checked against what it hid
        ended = true;
        try {
            UsageBatch batch = readBatch();
            boolean last = lines.atEnd();
            if (input.source() != null) {
                long to = lines.line + 1;
                batch.setPositions(List.of(new PositionRange(input.source(), input.key(), from, to, last)));
                from = to;
            }
            ended = last;
            if (last) {
                lines.close();
            }
            return batch;
        } catch (IOException e) {
            throw unreadable(input, lines.line, e);
        }
    }

    private UsageBatch readBatch() throws IOException {
        UsageBatch batch = new UsageBatch(Math.min(capacity, settings.batchSize()));
        if (records.hasFinalPrices()) {
            batch.pricesAreFinal();
        }
        capacity = settings.batchSize();
        records.startBatch();
        int count = 0;
        long rejectedBytes = 0;
        while (count < settings.batchSize() && rejectedBytes < MAX_REJECTED_BYTES && lines.next()) {
            if (lines.to == lines.from) {
                continue;
            }
            String problem = records.add(lines, batch, lines.line);
            if (problem == Row.PASSED_OVER) {
                continue;
            }
            count++;
            if (problem != null) {
                rejectedBytes += reject(batch, problem);
            }
        }
        read += count;
        refuseBroken();
        return batch;
    }

    private long reject(UsageBatch batch, String reason) {
        rejected++;
        if (firstReasons.size() < REASONS_SHOWN) {
            firstReasons.add("line " + lines.line + ": " + reason);
        }
        Rejected unusable = records.rejected(lines, lines.line, 0, reason);
        batch.rejectUnread(unusable);
        return unusable.raw().length() + reason.length() + 64L;
    }

    private void refuseBroken() {
        if (rejected > settings.refuseAbove() && rejected * 100 > read * settings.refusePercent()) {
            throw new RefusedUsage(input.name() + " refused: " + rejected + " of " + read
                    + " lines unusable (allowed: " + settings.refuseAbove() + " or " + settings.refusePercent()
                    + " %), first: " + String.join("; ", firstReasons));
        }
    }

    @Override
    public void close() {
        ended = true;
        close(input);
    }

    private static void close(UsageInput input) {
        try {
            input.stream().close();
        } catch (IOException | UncheckedIOException e) {
            // Nothing was written to it: a failing close loses nothing.
            return;
        }
    }

    private static RefusedUsage unreadable(UsageInput input, long line, IOException e) {
        return new RefusedUsage(
                input.name() + ": can't be read" + (line == 0 ? "" : " beyond line " + line) + ": " + e.getMessage(),
                e);
    }
}
