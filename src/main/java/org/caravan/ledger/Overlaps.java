package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * Decides of records whose time is billed already, at least in part: the same record again (a duplicate), or another
 * (a conflict). Billed records never overlap each other, so the first billed record found that shares a moment decides:
 * if it isn't the same, no other can be.
 */
final class Overlaps {
    /** Archives decoded without asking the entries which of them matter: asking costs about as much. */
    private static final int MAX_UNASKED = 16;

    private final Ledger ledger;
    private final UsageBatch batch;
    private final int[] rows;
    private final BilledBatch[] foundIn;
    private final int[] foundRow;
    private final boolean[] duplicate;
    private final Beside[] beside;
    private int open;

    /** @param rows rows whose time was found billed, ascending */
    Overlaps(Ledger ledger, UsageBatch batch, int[] rows) {
        this.ledger = ledger;
        this.batch = batch;
        this.rows = rows;
        this.foundIn = new BilledBatch[rows.length];
        this.foundRow = new int[rows.length];
        this.duplicate = new boolean[rows.length];
        this.beside = new Beside[rows.length];
        this.open = rows.length;
    }

    /** Looks for what was billed: first in the batch itself, then in the archives, remembered ones first. */
    void resolve(Connection connection, BilledBatch current) throws SQLException {
        search(current, null);
        if (open > 0) {
            searchArchives(connection);
        }
        describeConflicts(connection, current);
    }

    private void searchArchives(Connection connection) throws SQLException {
        long begin = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (int row : openRows()) {
            begin = Math.min(begin, batch.begin(row));
            end = Math.max(end, batch.end(row));
        }
        List<OverlapSearch.Candidate> candidates = OverlapSearch.candidates(connection, begin, end);
        Reversals reversals = Reversals.of(
                connection, candidates.stream().map(OverlapSearch.Candidate::id).toList());
        long unknown = candidates.stream()
                .filter(c -> !ledger.archives().isRemembered(c.id()))
                .count();
        // remembered ones first: they cost nothing and usually hold it
        candidates.sort((a, b) -> Boolean.compare(
                ledger.archives().isRemembered(b.id()), ledger.archives().isRemembered(a.id())));
        Set<Long> asked = null;
        for (OverlapSearch.Candidate candidate : candidates) {
            if (open == 0) {
                return;
            }
            if (!concernsOpenRow(candidate)) {
                continue;
            }
            if (unknown > MAX_UNASKED && !ledger.archives().isRemembered(candidate.id())) {
                if (asked == null) {
                    asked = OverlapSearch.batchesOf(connection, batch, openRows());
                }
                if (!asked.contains(candidate.id())) {
                    continue;
                }
            }
            search(ledger.archives().get(connection, candidate.id()), reversals.of(candidate.id()));
        }
    }

    /** @param reversed rows of the billed batch that are not billed any more, or null */
    private void search(BilledBatch billed, BitSet reversed) {
        long stamp = ledger.nextStamp();
        billed.mark(ledger, stamp);
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] == null) {
                int row = rows[i];
                SeriesState series = ((KeyState) batch.key(row).ledgerSlot).series;
                int found = billed.overlapping(series, stamp, batch.begin(row), batch.end(row), reversed);
                if (found >= 0) {
                    foundIn[i] = billed;
                    foundRow[i] = found;
                    duplicate[i] = sameContent(batch, row, billed.batch, found);
                    open--;
                }
            }
        }
    }

    private List<Integer> openRows() {
        List<Integer> found = new ArrayList<>(open);
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] == null) {
                found.add(rows[i]);
            }
        }
        return found;
    }

    private boolean concernsOpenRow(OverlapSearch.Candidate candidate) {
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] == null && candidate.concerns(batch, rows[i])) {
                return true;
            }
        }
        return false;
    }

    /** Fetches what conflicts show of the billed record, archive by archive. */
    private void describeConflicts(Connection connection, BilledBatch current) throws SQLException {
        Map<Long, List<Integer>> byBatch = new TreeMap<>();
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] != null && !duplicate[i]) {
                byBatch.computeIfAbsent(foundIn[i].id, b -> new ArrayList<>()).add(i);
            }
        }
        if (byBatch.isEmpty()) {
            return;
        }
        BilledPrices prices = BilledPrices.of(connection, byBatch.keySet());
        for (Map.Entry<Long, List<Integer>> conflicts : byBatch.entrySet()) {
            long id = conflicts.getKey();
            BilledBatch whole = id == current.id ? current : ledger.archives().whole(connection, id);
            for (int i : conflicts.getValue()) {
                beside[i] = Beside.of(whole, foundRow[i], prices);
            }
        }
    }

    /** True if row {@code rows[i]} was billed before exactly as it is. */
    boolean isDuplicate(int i) {
        return duplicate[i];
    }

    /** What is billed beside row {@code rows[i]} where that is a conflict; null where the archives no longer know. */
    Beside beside(int i) {
        return beside[i];
    }

    /** Same begin, end and content: quantity, unit, given price, kept metadata. */
    static boolean sameContent(UsageBatch a, int rowA, UsageBatch b, int rowB) {
        if (a.begin(rowA) != b.begin(rowB) || a.end(rowA) != b.end(rowB)) {
            return false;
        }
        UsageKey keyA = a.key(rowA);
        UsageKey keyB = b.key(rowB);
        if (keyA != keyB
                && !(keyA.unit().equals(keyB.unit())
                        && ((KeyState) keyA.ledgerSlot).metadata.equals(((KeyState) keyB.ledgerSlot).metadata))) {
            return false;
        }
        return sameQuantity(a, rowA, b, rowB) && same(a.givenPrice(rowA), b.givenPrice(rowB));
    }

    private static boolean sameQuantity(UsageBatch a, int rowA, UsageBatch b, int rowB) {
        if (a.bigQuantity(rowA) == null
                && b.bigQuantity(rowB) == null
                && a.quantityScale(rowA) == b.quantityScale(rowB)) {
            return a.quantity(rowA) == b.quantity(rowB);
        }
        return a.quantityValue(rowA).compareTo(b.quantityValue(rowB)) == 0;
    }

    private static boolean same(BigDecimal a, BigDecimal b) {
        return a == null || b == null ? a == b : a.compareTo(b) == 0;
    }
}
