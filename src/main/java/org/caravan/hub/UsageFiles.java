package org.caravan.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.caravan.hub.config.Settings;
import org.caravan.ledger.LedgerReader;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.RecordCounts;
import org.caravan.metering.CaravanHeaders;

/** The usage files of a bill on their way through the route {@code metering-usage} into the ledger. */
final class UsageFiles {
    /** Quarantined records named in a summary, over all files; the counts are of all. */
    static final int MAX_QUARANTINE = 10_000;

    private static final String ROUTE = "direct:metering-usage";

    private final BillInput input;
    private final LedgerReader reader;
    private final Hub hub;
    private final BillListener listener;
    private final String source;
    private final AtomicLong bytesRead = new AtomicLong();
    private final long bytes;
    private long before;
    private Duration duration = Duration.ZERO;

    UsageFiles(BillInput input, DataSource dataSource, Hub hub, BillListener listener) {
        this.input = input;
        this.reader = new LedgerReader(dataSource);
        this.hub = hub;
        this.listener = listener;
        this.source = input.config().get(Settings.SOURCE);
        this.bytes = input.files().stream().mapToLong(BillInput.File::size).sum();
    }

    /** Reads every file that the ledger has not read to its end. */
    void read() throws Exception {
        before = counts().read();
        long start = System.nanoTime();
        try (ProducerTemplate template = hub.template()) {
            for (BillInput.File file : input.files()) {
                if (reader.isDone(source, file.key())) {
                    listener.reading(bytesRead.addAndGet(file.size()), bytes);
                } else {
                    read(template, file);
                }
            }
        }
        duration = Duration.ofNanos(System.nanoTime() - start);
    }

    /** Time that reading took, the start of the hub left out. */
    Duration duration() {
        return duration;
    }

    private void read(ProducerTemplate template, BillInput.File file) throws Exception {
        try (InputStream in = new Counting(Files.newInputStream(file.path()))) {
            Exchange answer = template.request(ROUTE, exchange -> {
                exchange.getMessage().setBody(in);
                exchange.getMessage().setHeader(CaravanHeaders.SOURCE, source);
                exchange.getMessage().setHeader(CaravanHeaders.POSITION, file.key());
                exchange.getMessage().setHeader(Exchange.FILE_NAME, file.path().toString());
            });
            if (answer.getException() != null) {
                throw answer.getException();
            }
        }
    }

    /** What became of the records of all files, in this run and before. */
    RecordCounts counts() throws SQLException {
        RecordCounts sum = new RecordCounts(0, 0, 0, 0, 0, 0, 0);
        for (BillInput.File file : input.files()) {
            RecordCounts of = reader.counts(source, file.key(), input.request().month());
            sum = new RecordCounts(
                    sum.read() + of.read(),
                    sum.accepted() + of.accepted(),
                    sum.duplicate() + of.duplicate(),
                    sum.conflict() + of.conflict(),
                    sum.quarantined() + of.quarantined(),
                    sum.unpriced() + of.unpriced(),
                    sum.otherMonths() + of.otherMonths());
        }
        return sum;
    }

    /** Records read by this run. */
    long readNow() throws SQLException {
        return counts().read() - before;
    }

    /** Records of these files in quarantine, at most {@link #MAX_QUARANTINE}. */
    List<BillSummary.Quarantined> quarantine() throws SQLException {
        List<BillSummary.Quarantined> found = new ArrayList<>();
        for (BillInput.File file : input.files()) {
            for (QuarantineEntry entry : reader.quarantine(source, file.key(), MAX_QUARANTINE - found.size())) {
                found.add(new BillSummary.Quarantined(file.given(), entry.position(), entry.reason()));
            }
        }
        return found;
    }

    /** Tells how much of the file was taken; unpacked, it would not be known how much there is. */
    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                listener.reading(bytesRead.incrementAndGet(), bytes);
            }
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                listener.reading(bytesRead.addAndGet(count), bytes);
            }
            return count;
        }
    }
}
