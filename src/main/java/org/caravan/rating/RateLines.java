package org.caravan.rating;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.caravan.common.Decimals;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * A rated batch as JSON lines in the order of the input, for a person who tries a tariff.
 *
 * <p>A priced record: {@code {"id","tenant","meter","quantity","price"}}, decimals exact and as text, {@code id} and
 * {@code tenant} null where absent. One that can't be used: {@code {"error","position"}}.
 */
public final class RateLines {
    private static final Comparator<Rejected> INPUT_ORDER =
            Comparator.comparingInt(Rejected::positionIndex).thenComparingLong(Rejected::position);

    private final UsageBatch batch;
    private final List<Rejected> rejected;
    private final StringBuilder line = new StringBuilder(256);
    private int nextRejected;

    private RateLines(UsageBatch batch) {
        this.batch = batch;
        rejected = new ArrayList<>(batch.rejected());
        rejected.sort(INPUT_ORDER);
    }

    /**
     * Writes one line per record of the batch, each ended by a line break.
     *
     * @throws IllegalStateException if the batch was not rated
     */
    public static void write(UsageBatch batch, Appendable out) throws IOException {
        if (!batch.isPriced() && batch.size() > 0) {
            throw new IllegalStateException("the batch was not rated");
        }
        new RateLines(batch).write(out);
    }

    private void write(Appendable out) throws IOException {
        for (int row = 0; row < batch.size(); row++) {
            boolean usable = !batch.isRejected(row);
            errorsUpTo(row, !usable, out);
            if (usable) {
                priced(row, out);
            }
        }
        while (nextRejected < rejected.size()) {
            error(rejected.get(nextRejected++), out);
        }
    }

    /** Writes the errors that stand before a row in the input, and the row's own where it is one. */
    private void errorsUpTo(int row, boolean including, Appendable out) throws IOException {
        int index = batch.positionIndex(row);
        long position = batch.position(row);
        while (nextRejected < rejected.size()) {
            Rejected next = rejected.get(nextRejected);
            int order = next.positionIndex() != index
                    ? Integer.compare(next.positionIndex(), index)
                    : Long.compare(next.position(), position);
            if (order > 0 || order == 0 && !including) {
                return;
            }
            error(next, out);
            nextRejected++;
        }
    }

    private void priced(int row, Appendable out) throws IOException {
        UsageKey key = batch.key(row);
        line.setLength(0);
        line.append("{\"id\":");
        text(batch.id(row));
        line.append(",\"tenant\":");
        text(key.tenant());
        line.append(",\"meter\":");
        text(key.meter().name());
        line.append(",\"quantity\":\"").append(Decimals.plain(batch.quantityValue(row)));
        line.append("\",\"price\":\"").append(Decimals.plain(batch.amountValue(row)));
        out.append(line.append("\"}\n"));
    }

    private void error(Rejected record, Appendable out) throws IOException {
        line.setLength(0);
        line.append("{\"error\":");
        text(record.reason());
        out.append(line.append(",\"position\":").append(record.position()).append("}\n"));
    }

    private void text(String text) {
        if (text == null) {
            line.append("null");
            return;
        }
        line.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, line);
        line.append('"');
    }
}
