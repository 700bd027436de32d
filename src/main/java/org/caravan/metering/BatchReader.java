package org.caravan.metering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    private final Row row;
    private final RecordAssembler assembler;
    private final boolean finalPrices;
    private final Utf8 utf8 = new Utf8();
    private final List<String> firstReasons = new ArrayList<>();
    private long read;
    private long rejected;
    private long from = 1;
    private int capacity = FIRST_CAPACITY;
    private boolean ended;

    /** True if the fields of the current line were found, whatever they hold. */
    private boolean fieldsFound;

    /** Makes the row that understands the input's lines, after reading what stands before the first record. */
    interface RowFactory {
        Row open(LineBuffer lines, MeteringSettings settings, String name) throws IOException;
    }

    private BatchReader(
            UsageInput input,
            MeteringSettings settings,
            LineBuffer lines,
            Row row,
            RecordAssembler assembler,
            boolean finalPrices) {
        this.input = input;
        this.settings = settings;
        this.lines = lines;
        this.row = row;
        this.assembler = assembler;
        this.finalPrices = finalPrices;
    }

    static UsageBatches open(
            UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock, RowFactory rows) {
        boolean opened = false;
        try {
            LineBuffer lines = new LineBuffer(PlainText.of(input.stream()), settings.maxLineBytes());
            Row row = rows.open(lines, settings, input.name());
            RecordAssembler assembler = new RecordAssembler(settings, meters, clock);
            BatchReader reader = new BatchReader(input, settings, lines, row, assembler, meters.hasGivenPrices());
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
        if (finalPrices) {
            batch.pricesAreFinal();
        }
        capacity = settings.batchSize();
        assembler.startBatch();
        int count = 0;
        long rejectedBytes = 0;
        while (count < settings.batchSize() && rejectedBytes < MAX_REJECTED_BYTES && lines.next()) {
            if (lines.to == lines.from) {
                continue;
            }
            count++;
            String problem = problem(batch);
            if (problem != null) {
                rejectedBytes += reject(batch, problem);
            }
        }
        read += count;
        refuseBroken();
        return batch;
    }

    private String problem(UsageBatch batch) {
        fieldsFound = false;
        if (lines.tooLong) {
            return "the line is longer than " + settings.maxLineBytes() + " bytes";
        }
        if (lines.unusual) {
            if (Utf8.contains(lines.bytes, lines.from, lines.to, 0)) {
                return "holds a NUL character";
            }
            if (!utf8.isValid(lines.bytes, lines.from, lines.to)) {
                return "is not UTF-8 text";
            }
        }
        String problem = row.read(lines);
        fieldsFound = problem == null;
        return problem != null ? problem : assembler.add(row, batch, lines.line);
    }

    private long reject(UsageBatch batch, String reason) {
        rejected++;
        if (firstReasons.size() < REASONS_SHOWN) {
            firstReasons.add("line " + lines.line + ": " + reason);
        }
        // NUL can't be stored as text
        String raw = new String(lines.copy(settings.maxRawBytes()), StandardCharsets.UTF_8).replace('\0', '\ufffd');
        batch.rejectUnread(new Rejected(
                lines.line,
                0,
                reason,
                raw,
                row.format(),
                finalPrices && row.context() == null ? Rejected.GIVEN_PRICE : row.context(),
                isRawComplete(),
                fieldsFound ? assembler.tenant(row) : null,
                fieldsFound ? assembler.begin(row) : null));
        return raw.length() + reason.length() + 64L;
    }

    /** False where the kept text is cut, or had to be changed to be kept. */
    private boolean isRawComplete() {
        return !lines.tooLong
                && lines.to - lines.from <= settings.maxRawBytes()
                && (!lines.unusual
                        || utf8.isValid(lines.bytes, lines.from, lines.to)
                                && !Utf8.contains(lines.bytes, lines.from, lines.to, 0));
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
