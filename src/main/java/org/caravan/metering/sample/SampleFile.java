package org.caravan.metering.sample;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.caravan.metering.BoundedLines;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.PositionRange;
import org.caravan.metering.RefusedUsage;

/** The batches of a file of samples, one message a line, in flat memory. The last one covers the file's end. */
public final class SampleFile implements Iterator<SampleBatch>, Closeable {
    static final int LINE_BYTES = 1 << 20;

    private final InputStream stream;
    private final String name;
    private final String source;
    private final String key;
    private final SampleReader reader;
    private final MeteringSettings settings;
    private final int batchSize;
    private final int maxLineBytes;
    private BoundedLines lines;
    private long from = 1;
    private long read;
    private long rejected;
    private boolean ended;

    /**
     * @param name how messages name it
     * @param source and {@code key} of its position, or null
     */
    public SampleFile(
            InputStream stream,
            String name,
            String source,
            String key,
            SampleReader reader,
            MeteringSettings settings,
            int batchSize,
            int maxLineBytes) {
        this.stream = stream;
        this.name = name;
        this.source = source;
        this.key = key;
        this.reader = reader;
        this.settings = settings;
        this.batchSize = batchSize;
        this.maxLineBytes = maxLineBytes;
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    /** @throws RefusedUsage if it can't be read, or too much of it can't be used */
    @Override
    public SampleBatch next() {
        if (ended) {
            throw new NoSuchElementException();
        }
        // also where reading fails: what follows a failure was never checked against what it hid
        ended = true;
        try {
            if (lines == null) {
                lines = BoundedLines.of(stream, maxLineBytes);
            }
            SampleBatch batch = readBatch();
            boolean last = lines.atEnd();
            if (source != null && key != null) {
                long to = lines.number() + 1;
                batch.setPositions(List.of(new PositionRange(source, key, from, to, last)));
                from = to;
            }
            ended = last;
            return batch;
        } catch (IOException e) {
            throw new RefusedUsage(
                    name + ": can't be read beyond line " + (lines == null ? 0 : lines.number()) + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private SampleBatch readBatch() throws IOException {
        SampleBatch batch = new SampleBatch();
        int count = 0;
        while (count < batchSize && lines.next()) {
            byte[] line = lines.text();
            if (line.length == 0) {
                continue;
            }
            count++;
            if (lines.isTooLong()) {
                reader.tooLong(line, line.length + 1L, batch, 0, lines.number());
            } else {
                reader.read(line, batch, 0, lines.number(), SampleReader.Sender.KNOWN);
            }
        }
        read += count;
        rejected += batch.rejected().size();
        if (rejected > settings.refuseAbove() && rejected * 100 > read * settings.refusePercent()) {
            throw new RefusedUsage(name + " refused: " + rejected + " samples of " + read + " lines unusable (allowed: "
                    + settings.refuseAbove() + " or " + settings.refusePercent() + " %), first: "
                    + (batch.rejected().isEmpty() ? "" : batch.rejected().get(0).reason()));
        }
        return batch;
    }

    @Override
    public void close() {
        ended = true;
        try {
            stream.close();
        } catch (IOException e) {
            // nothing was written to it: a failing close loses nothing
            return;
        }
    }
}
