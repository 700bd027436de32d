package org.caravan.ledger;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.UserError;
import org.caravan.metering.PositionRange;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageJson;

/** Collects the records of a batch that can't be billed and writes them with it, in one statement. */
final class QuarantineWriter implements SetAside {
    private static final String INSERT =
            """
            insert into quarantine (source, key, position, kind, reason, format, context, raw, billed, tenant,
                                    usage_month, complete, digest, amount, billed_amount, batch, created_at, updated_at)
            select u.*, ?, ?, ? from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                as u (source, key, position, kind, reason, format, context, raw, billed, tenant, usage_month, complete,
                      digest, amount, billed_amount)
            on conflict do nothing
            """;
    private static final String[] TYPES = {
        "text", "text", "int8", "text", "text", "text", "text", "text", "text", "text", "date", "bool", "bytea",
        "numeric", "numeric"
    };

    private final List<PositionRange> positions;
    private final LedgerSettings settings;
    private final Clock clock;
    private final List<Object[]> rows = new ArrayList<>();
    private int conflicts;

    QuarantineWriter(List<PositionRange> positions, LedgerSettings settings, Clock clock) {
        this.positions = positions;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void conflict(UsageBatch batch, int row, String reason, Beside billed) {
        conflicts++;
        String raw = UsageJson.line(batch.record(row));
        boolean complete = isStorable(raw);
        add(
                batch.positionIndex(row),
                batch.position(row),
                "conflict",
                reason,
                "caravan-jsonl",
                batch.heldContext(),
                raw,
                billed == null ? null : UsageJson.line(billed.record()),
                batch.key(row).tenant(),
                usageMonth(batch.begin(row)),
                complete,
                complete ? Archives.digest(raw.getBytes(StandardCharsets.UTF_8)) : null,
                batch.amountValue(row),
                billed == null ? null : billed.amount());
    }

    @Override
    public void unusable(Rejected rejected) {
        add(
                rejected.positionIndex(),
                rejected.position(),
                "unusable",
                rejected.reason(),
                rejected.format(),
                rejected.context(),
                rejected.raw(),
                null,
                rejected.tenant(),
                rejected.begin() == null ? null : usageMonth(rejected.begin()),
                rejected.complete() && isStorable(rejected.raw()) && isStorable(rejected.context()),
                null,
                null,
                null);
    }

    private void add(int positionIndex, long position, String kind, String reason, Object... more) {
        PositionRange range = positions.isEmpty() ? null : positions.get(positionIndex);
        Object[] row = new Object[TYPES.length];
        row[0] = range == null ? null : range.source();
        row[1] = range == null ? null : range.key();
        row[2] = position < 0 ? null : position;
        row[3] = kind;
        row[4] = reason;
        System.arraycopy(more, 0, row, 5, more.length);
        for (int column = 4; column < row.length; column++) {
            row[column] = row[column] instanceof String text ? bounded(text, settings.maxRawBytes()) : row[column];
        }
        rows.add(row);
    }

    @Override
    public int conflicts() {
        return conflicts;
    }

    @Override
    public int unusable() {
        return rows.size() - conflicts;
    }

    /** First day of the month of use, ISO. */
    static String usageMonth(long begin) {
        return Months.of(Months.ofMicros(begin)).atDay(1).toString();
    }

    /** @throws UserError if quarantine holds as much as it may already */
    void write(Connection connection, long batch) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, batch);
            insert.setObject(2, clock.instant().atOffset(java.time.ZoneOffset.UTC));
            insert.setObject(3, clock.instant().atOffset(java.time.ZoneOffset.UTC));
            for (int column = 0; column < TYPES.length; column++) {
                // a driver takes arrays of bytes only as such
                Object[] values = TYPES[column].equals("bytea") ? new byte[rows.size()][] : new Object[rows.size()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = rows.get(row)[column];
                }
                insert.setArray(column + 4, connection.createArrayOf(TYPES[column], values));
            }
            insert.executeUpdate();
        }
        checkLimits(connection);
    }

    /** Counted after writing, so that a batch is held to what it brings; hubs at work at once may each go over once. */
    private void checkLimits(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        """
                        select count(*), coalesce(sum(octet_length(raw) + coalesce(octet_length(billed), 0)), 0)
                          from quarantine where state = 'held'
                        """)) {
            row.next();
            if (row.getLong(1) > settings.maxHeldRecords()) {
                throw full(row.getLong(1) + " records", settings.maxHeldRecords() + ", caravan.quarantine.maxRecords");
            }
            if (row.getLong(2) > settings.maxHeldBytes()) {
                throw full(row.getLong(2) + " bytes", settings.maxHeldBytes() + ", caravan.quarantine.maxBytes");
            }
        }
    }

    private UserError full(String found, String limit) {
        return new UserError(
                1,
                "quarantine is full: with the " + rows.size()
                        + " unusable or conflicting records of this batch it would"
                        + " hold " + found + " (allowed: " + limit + "); nothing of the batch was billed: look at"
                        + " caravan quarantine list, then retry, accept or drop what is held and read again",
                null);
    }

    private boolean isStorable(String text) {
        return text == null
                || text.indexOf('\0') < 0
                        && (text.length() * 3L <= settings.maxRawBytes()
                                || text.getBytes(StandardCharsets.UTF_8).length <= settings.maxRawBytes());
    }

    /** Bounded, and without the one character that PostgreSQL's text can't hold. */
    static String bounded(String text, int maxBytes) {
        if (text == null) {
            return null;
        }
        String storable = text.indexOf('\0') >= 0 ? text.replace('\0', '\ufffd') : text;
        if (storable.length() * 3L <= maxBytes) {
            return storable;
        }
        byte[] bytes = storable.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxBytes) {
            return storable;
        }
        int cut = maxBytes;
        while (cut > 0 && (bytes[cut] & 0xc0) == 0x80) {
            cut--;
        }
        return new String(bytes, 0, cut, StandardCharsets.UTF_8) + "… (" + bytes.length + " bytes)";
    }
}
