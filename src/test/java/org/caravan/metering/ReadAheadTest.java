package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadAheadTest {
    private static final String LINE = ",t,dc,r,m,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n";
    private static final MeteringSettings AHEAD =
            MeteringSettings.defaults().withBatchSize(1).withReadAhead(1);

    /** Waits until every reading thread has ended; the test's own timeout is the limit. */
    static void awaitNoReaderThread() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("caravan-read-ahead")) {
                thread.join();
            }
        }
    }

    @Test
    void givesTheSameBatchesAsWithoutAThread() {
        // given
        String text = Reading.HEADER + "\n" + LINE.repeat(5) + "bad\n";
        // when
        var ahead = Reading.csv(text, AHEAD, MeterCatalog.empty());
        var plain = Reading.csv(text, AHEAD.withReadAhead(0), MeterCatalog.empty());
        // then
        assertThat(ahead).hasSize(6);
        assertThat(Reading.records(ahead)).isEqualTo(Reading.records(plain));
        assertThat(Reading.rejected(ahead)).isEqualTo(Reading.rejected(plain));
        assertThat(ahead)
                .extracting(UsageBatch::positions)
                .isEqualTo(plain.stream().map(UsageBatch::positions).toList());
    }

    @Test
    void closingStopsAParserThatWaitsForRoom() throws Exception {
        // given a parser that is further ahead than its queue has room
        var batches = UsageBatches.csv(
                Reading.input(Reading.HEADER + "\n" + LINE.repeat(50)), AHEAD, MeterCatalog.empty(), Reading.NOW);
        batches.next();
        // when
        batches.close();
        batches.close();
        // then
        awaitNoReaderThread();
        assertThat(batches.hasNext()).isFalse();
    }

    @Test
    void closingStopsAParserThatWaitsForData() throws Exception {
        // given a stream that gives a header and then nothing until it is closed
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        byte[] header = (Reading.HEADER + "\n").getBytes(StandardCharsets.UTF_8);
        InputStream stuck = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at < header.length) {
                    return header[at++];
                }
                waiting.countDown();
                boolean ended = false;
                while (!ended) {
                    try {
                        closed.await();
                        ended = true;
                    } catch (InterruptedException e) {
                        // as a socket does: only closing it wakes a reader
                        continue;
                    }
                }
                throw new IOException("closed");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                into[offset] = (byte) read();
                return 1;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        var batches = UsageBatches.csv(Reading.input(stuck), AHEAD, MeterCatalog.empty(), Reading.NOW);
        waiting.await();
        // when
        batches.close();
        // then
        awaitNoReaderThread();
        assertThat(batches.hasNext()).isFalse();
    }

    @Test
    void anErrorOfTheParserReachesTheConsumerAfterTheBatchesBeforeIt() throws Exception {
        // given a stream that breaks behind its second record
        PipedOutputStream out = new PipedOutputStream();
        PipedInputStream pipe = new PipedInputStream(out, 1 << 16);
        out.write((Reading.HEADER + "\n" + LINE.repeat(2)).getBytes(StandardCharsets.UTF_8));
        AtomicBoolean broken = new AtomicBoolean();
        InputStream breaking = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (pipe.available() == 0) {
                    broken.set(true);
                    throw new IOException("the disk is gone");
                }
                return pipe.read(into, offset, length);
            }

            @Override
            public int available() {
                return 0;
            }
        };
        // when
        try (UsageBatches batches =
                UsageBatches.csv(Reading.input(breaking), AHEAD, MeterCatalog.empty(), Reading.NOW)) {
            assertThat(batches.next().size()).isEqualTo(1);
            // then: the second record's batch can't be known to be whole, so the error takes its place
            assertThatThrownBy(batches::hasNext)
                    .isInstanceOf(UserError.class)
                    .hasMessage("file usage: can't be read beyond line 3: the disk is gone");
            assertThatThrownBy(batches::next).isInstanceOf(UserError.class);
        }
        assertThat(broken).isTrue();
        awaitNoReaderThread();
    }
}
