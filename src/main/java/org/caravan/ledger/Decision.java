package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageJson;

/**
 * What becomes of held records that are tried again or accepted: their state changes in the transaction that bills them,
 * and only if it still is {@code held}, so that whoever does it twice bills once.
 */
final class Decision implements SetAside {
    private static final String UPDATE =
            """
            update quarantine q
               set state = u.state, kind = u.kind, reason = u.reason, billed = u.billed, tenant = coalesce(u.tenant, q.tenant),
                   usage_month = coalesce(u.usage_month, q.usage_month), amount = u.amount,
                   billed_amount = u.billed_amount, note = u.note, effect = u.effect, updated_at = ?
              from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                   as u (id, state, kind, reason, billed, tenant, usage_month, amount, billed_amount, note, effect)
             where q.id = u.id
            """;
    private static final String[] TYPES = {
        "int8", "text", "text", "text", "text", "text", "date", "numeric", "numeric", "text", "int8"
    };

    private final Ledger ledger;
    private final boolean accept;
    private final Map<Long, QuarantineEntry> byPosition;
    private final Map<Long, Object[]> stillHeld = new HashMap<>();
    private final SortedMap<Long, Outcome> outcomes = new TreeMap<>();
    private int conflicts;
    private Correction correction;
    private BigDecimal billedAmount = BigDecimal.ZERO;

    /**
     * @param accept true to bill a conflict in the place of what is billed
     * @param byPosition the held records by their position in the batch
     */
    Decision(Ledger ledger, boolean accept, Map<Long, QuarantineEntry> byPosition) {
        this.ledger = ledger;
        this.accept = accept;
        this.byPosition = byPosition;
    }

    /**
     * Locks the records for this transaction, and forgets what an earlier one, that failed, made of them.
     *
     * @return false if one of them is not held any more
     */
    boolean lock(Connection connection) throws SQLException {
        stillHeld.clear();
        outcomes.clear();
        conflicts = 0;
        correction = null;
        billedAmount = BigDecimal.ZERO;
        try (PreparedStatement select = connection.prepareStatement(
                "select id from quarantine where id = any (?) and state = 'held' order by id for update")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int8",
                            byPosition.values().stream()
                                    .map(QuarantineEntry::id)
                                    .toArray()));
            int locked = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    locked++;
                }
            }
            return locked == byPosition.size();
        }
    }

    /** Finds what the accepted record takes the place of; null where records are tried again. */
    Correction correction(Connection connection, UsageBatch batch) throws SQLException {
        if (accept) {
            for (int row = 0; row < batch.size(); row++) {
                if (!batch.isRejected(row)) {
                    correction = new Correction(ledger, batch, row);
                    correction.find(connection);
                    break;
                }
            }
        }
        return correction;
    }

    @Override
    public void conflict(UsageBatch batch, int row, String reason, Beside billed) {
        conflicts++;
        hold(
                batch.position(row),
                "conflict",
                reason,
                billed == null ? null : UsageJson.line(billed.record()),
                batch.key(row).tenant(),
                QuarantineWriter.usageMonth(batch.begin(row)),
                batch.amountValue(row),
                billed == null ? null : billed.amount());
    }

    @Override
    public void unusable(Rejected rejected) {
        hold(
                rejected.position(),
                "unusable",
                rejected.reason(),
                null,
                rejected.tenant(),
                rejected.begin() == null ? null : QuarantineWriter.usageMonth(rejected.begin()),
                null,
                null);
    }

    private void hold(long position, Object... what) {
        stillHeld.put(position, what);
    }

    @Override
    public int conflicts() {
        return conflicts;
    }

    @Override
    public int unusable() {
        return stillHeld.size() - conflicts;
    }

    /**
     * Writes what became of each record.
     *
     * @param usage null if none of them could be read
     * @param batch the batch that bills them, 0 if none was billed
     */
    void write(Connection connection, UsageBatch records, NewUsage usage, long batch) throws SQLException {
        Map<Long, Boolean> billed = new HashMap<>();
        for (int row = 0; row < records.size(); row++) {
            if (!records.isRejected(row)) {
                boolean accepted = usage.billed().isAccepted(row);
                billed.put(records.position(row), accepted);
                billedAmount = accepted ? billedAmount.add(records.amountValue(row)) : billedAmount;
            }
        }
        if (correction != null && batch != 0) {
            correction.write(connection, batch);
        }
        List<Object[]> rows = new ArrayList<>();
        byPosition.forEach((position, record) -> rows.add(row(record, position, billed.get(position), batch)));
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setObject(1, ledger.clock().instant().atOffset(ZoneOffset.UTC));
            for (int column = 0; column < TYPES.length; column++) {
                int at = column;
                update.setArray(
                        column + 2,
                        connection.createArrayOf(
                                TYPES[column], rows.stream().map(r -> r[at]).toArray()));
            }
            update.executeUpdate();
        }
    }

    private Object[] row(QuarantineEntry record, long position, Boolean billed, long batch) {
        Object[] held = stillHeld.get(position);
        if (held == null && billed == null) {
            held = new Object[] {"unusable", "holds no record", null, null, null, null, null};
        }
        if (held != null) {
            int max = ledger.settings().maxRawBytes();
            String reason = QuarantineWriter.bounded((String) held[1], max);
            outcomes.put(record.id(), new Outcome(record.id(), Outcome.What.HELD, reason));
            return new Object[] {
                record.id(),
                "held",
                held[0],
                reason,
                QuarantineWriter.bounded((String) held[2], max),
                held[3],
                held[4],
                held[5],
                held[6],
                null,
                null
            };
        }
        String note = !billed
                ? "was billed already, just so: nothing was billed again"
                : correction == null || correction.beside().isEmpty()
                        ? "billed"
                        : "billed in the place of " + correction.beside().size()
                                + (correction.beside().size() == 1 ? " record" : " records");
        outcomes.put(
                record.id(), new Outcome(record.id(), billed ? Outcome.What.BILLED : Outcome.What.DUPLICATE, note));
        return new Object[] {
            record.id(),
            accept ? "accepted" : "retried",
            record.kind(),
            record.reason(),
            record.billed(),
            null,
            null,
            record.amount(),
            record.billedAmount(),
            note,
            billed ? batch : null
        };
    }

    /** What became of the records, in order of their ids; complete once {@link #write} was called. */
    List<Outcome> outcomes() {
        return List.copyOf(outcomes.values());
    }

    /** What is billed beside the accepted record; empty where records are tried again. */
    List<Beside> beside() {
        return correction == null ? List.of() : correction.beside();
    }

    /** What was billed less what was reversed. */
    BigDecimal difference() {
        return correction == null ? billedAmount : billedAmount.subtract(correction.reversedAmount());
    }

    /** What the new records come to. */
    BigDecimal billedAmount() {
        return billedAmount;
    }
}
