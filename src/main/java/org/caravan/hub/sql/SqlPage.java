package org.caravan.hub.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.caravan.ledger.Companion;
import org.caravan.ledger.RecordResults;
import org.caravan.ledger.SqlWatermarks;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageMessages;

/**
 * Rows that were not seen yet, as messages, and what their commit moves. A row's position is a digest of it: the same row is
 * set aside once, and once more when it was changed.
 */
final class SqlPage implements UsageMessages, Companion {
    /** What a page is a position of: it counts them, as a batch must advance something. */
    private static final String PAGES = "pages";

    /** What rows are a position of; never advanced, since a row may come late. */
    private static final String ROWS = "rows";

    private final String source;
    private final long pages;
    private final Instant watermark;
    private final SqlWatermarks watermarks;
    private final List<Long> digests = new ArrayList<>();
    private final List<byte[]> records = new ArrayList<>();
    private int index = -1;
    private boolean claimed;

    /**
     * @param pages how many were committed before this one
     * @param watermark of its last row
     */
    SqlPage(String source, long pages, Instant watermark, SqlWatermarks watermarks) {
        this.source = source;
        this.pages = pages;
        this.watermark = watermark;
        this.watermarks = watermarks;
    }

    void add(long digest, String record) {
        digests.add(digest);
        records.add(record.getBytes(StandardCharsets.UTF_8));
    }

    List<Long> digests() {
        return digests;
    }

    /** False if another hub had read on, so that nothing of it was committed here. */
    boolean isClaimed() {
        return claimed;
    }

    @Override
    public boolean claim(Connection connection) throws SQLException {
        claimed = watermarks.claim(connection, source, pages);
        return claimed;
    }

    @Override
    public void write(Connection connection, RecordResults results) throws SQLException {
        watermarks.advance(connection, source, watermark);
    }

    @Override
    public int size() {
        return records.size();
    }

    @Override
    public List<PositionRange> positions() {
        return List.of(
                new PositionRange(source, PAGES, pages, pages + 1, false),
                new PositionRange(source, ROWS, 0, 0, false));
    }

    @Override
    public boolean next() {
        return ++index < records.size();
    }

    @Override
    public int positionIndex() {
        return 1;
    }

    @Override
    public long position() {
        return digests.get(index);
    }

    @Override
    public ByteBuffer value() {
        return ByteBuffer.wrap(records.get(index));
    }

    @Override
    public long length() {
        return records.get(index).length;
    }

    @Override
    public void headers(BiConsumer<String, byte[]> consumer) {
        // a row has none
    }
}
