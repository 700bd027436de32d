package org.caravan.api.samples;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.caravan.ledger.SampleResult;
import org.caravan.ledger.SampleStore;
import org.caravan.metering.PositionRange;
import org.caravan.metering.sample.SampleBatch;
import org.caravan.metering.sample.SampleReader;

/** Takes pushed samples in; durable when it returns. Safe for concurrent use. */
public final class SampleIntake {
    private final SampleStore store;
    private final SampleReader reader;
    private final String source;

    /** @param source that pushed samples belong to */
    public SampleIntake(SampleStore store, SampleReader reader, String source) {
        this.store = store;
        this.reader = reader;
        this.source = source;
    }

    SampleResult take(byte[] body) throws SQLException {
        SampleBatch batch = new SampleBatch();
        batch.setPositions(List.of(new PositionRange(source, digest(body), 0, 1, true)));
        synchronized (reader) {
            reader.read(body, batch, 0, 0, SampleReader.Sender.KNOWN);
        }
        return store.collect(source, batch);
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
