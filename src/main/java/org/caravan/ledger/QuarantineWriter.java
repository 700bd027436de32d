package org.caravan.ledger;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.metering.PositionRange;

/** Collects the records of a batch that can't be billed and writes them with it, in one statement. */
final class QuarantineWriter {
    private static final String INSERT =
            """
            insert into quarantine (source, key, position, kind, reason, format, context, raw, billed, tenant,
                                    usage_month, batch)
            select u.*, ? from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                as u (source, key, position, kind, reason, format, context, raw, billed, tenant, usage_month)
            on conflict do nothing
            """;

    private final List<PositionRange> positions;
    private final int maxRawBytes;
    private final List<Object[]> rows = new ArrayList<>();

    QuarantineWriter(List<PositionRange> positions, int maxRawBytes) {
        this.positions = positions;
        this.maxRawBytes = maxRawBytes;
    }

    /**
     * @param kind unusable or conflict
     * @param tenant null where it could not be read
     * @param usageMonth first day of the month of use, ISO, or null
     */
    void add(
            int positionIndex,
            long position,
            String kind,
            String reason,
            String format,
            String context,
            String raw,
            String billed,
            String tenant,
            String usageMonth) {
        PositionRange range = positions.isEmpty() ? null : positions.get(positionIndex);
        rows.add(new Object[] {
            range == null ? null : range.source(),
            range == null ? null : range.key(),
            position < 0 ? null : position,
            kind,
            clean(reason),
            format,
            clean(context),
            clean(raw),
            clean(billed),
            clean(tenant),
            usageMonth
        });
    }

    int size() {
        return rows.size();
    }

    void write(Connection connection, long batch) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String[] types = {"text", "text", "int8", "text", "text", "text", "text", "text", "text", "text", "date"};
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, batch);
            for (int column = 0; column < types.length; column++) {
                Object[] values = new Object[rows.size()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = rows.get(row)[column];
                }
                insert.setArray(column + 2, connection.createArrayOf(types[column], values));
            }
            insert.executeUpdate();
        }
    }

    /** Bounded, and without the one character that PostgreSQL's text can't hold. */
    private String clean(String text) {
        if (text == null) {
            return null;
        }
        String storable = text.indexOf('\0') >= 0 ? text.replace('\0', '\ufffd') : text;
        if (storable.length() * 3L <= maxRawBytes) {
            return storable;
        }
        byte[] bytes = storable.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxRawBytes) {
            return storable;
        }
        int cut = maxRawBytes;
        while (cut > 0 && (bytes[cut] & 0xc0) == 0x80) {
            cut--;
        }
        return new String(bytes, 0, cut, StandardCharsets.UTF_8) + "… (" + bytes.length + " bytes)";
    }
}
