package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * Which records of a portion are billed otherwise, and where: compares what each is billed at now with what it costs today.
 * What it reads is true for as long as the caller holds the buckets of the tenants.
 */
final class RerateDecision {
    private final RerateScope scope;
    private final List<RerateBatch> batches;
    private final Map<Integer, TenantRef> tenants = new TreeMap<>();
    private final Map<Integer, RerateSums> sums = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();

    private Reversals reversals;
    private BilledPrices prices;
    private ClosedThrough closed;

    // the month of the record looked at last: its neighbours nearly always are of the same
    private int month;
    private long monthFrom;
    private long monthTo;

    /**
     * A record that costs something else now.
     *
     * @param month number of the month of use
     */
    record Change(RerateBatch batch, int index, int month, BilledPrice before, BilledPrice after) {
        int row() {
            return batch.rows[index];
        }

        TenantRef tenant() {
            return batch.tenants[index];
        }

        UsageBatch records() {
            return batch.billed.batch;
        }
    }

    RerateDecision(RerateScope scope, List<RerateBatch> batches) {
        this.scope = scope;
        this.batches = batches;
        batches.forEach(batch -> tenants.putAll(batch.tenants()));
    }

    /** The tenants with records in the portion, by id. */
    Map<Integer, TenantRef> tenants() {
        return tenants;
    }

    /** Finds what is to be billed otherwise. */
    void find(Connection connection, BilledLine.Credited credited) throws SQLException {
        List<Long> ids = batches.stream().map(batch -> batch.billed.id).toList();
        reversals = Reversals.of(connection, ids);
        prices = BilledPrices.of(connection, ids);
        YearMonth from = Months.of(firstMonth());
        closed = ClosedThrough.read(connection, tenants.keySet(), from);
        for (RerateBatch batch : batches) {
            BitSet reversed = reversals.of(batch.billed.id);
            for (int i = 0; i < batch.rows.length; i++) {
                if (reversed == null || !reversed.get(batch.rows[i])) {
                    look(batch, i);
                }
            }
        }
        if (scope.issued()) {
            leaveCredited(connection, credited, from);
        }
        for (Change change : changes) {
            sums.get(change.tenant().id())
                    .change(change.after().amount().subtract(change.before().amount()));
        }
    }

    private int firstMonth() {
        long first = Long.MAX_VALUE;
        for (RerateBatch batch : batches) {
            for (int row : batch.rows) {
                first = Math.min(first, batch.billed.batch.begin(row));
            }
        }
        return Months.ofMicros(first);
    }

    private void look(RerateBatch batch, int index) {
        BilledPrice before = prices.of(batch.billed, batch.rows[index]);
        TenantRef tenant = batch.tenants[index];
        RerateSums sum = sums.computeIfAbsent(tenant.id(), id -> new RerateSums());
        sum.look(before.amount());
        if (batch.isGiven(index)) {
            return;
        }
        if (batch.rated.isRejected(index)) {
            sum.leaveUnratable();
            return;
        }
        BilledPrice after = BilledPrice.archived(batch.rated, index);
        if (after.isSame(before)) {
            return;
        }
        int usageMonth = monthOf(batch.rated.begin(index));
        boolean issued = closed.billingMonth(tenant.id(), usageMonth) != usageMonth;
        if (issued == scope.issued()) {
            changes.add(new Change(batch, index, usageMonth, before, after));
        } else {
            sum.leaveIssued();
        }
    }

    private int monthOf(long begin) {
        if (begin < monthFrom || begin >= monthTo) {
            month = Months.ofMicros(begin);
            monthFrom = Months.startMicros(month);
            monthTo = Months.startMicros(month + 1);
        }
        return month;
    }

    /** A record is left alone if any line that bears its billing was given back: the difference would be of nothing. */
    private void leaveCredited(Connection connection, BilledLine.Credited credited, YearMonth from)
            throws SQLException {
        if (changes.stream().allMatch(change -> credited.isNothingOf(change.tenant()))) {
            return;
        }
        Set<Long> ids = new HashSet<>();
        for (RerateBatch batch : batches) {
            ids.add(batch.billed.id);
            prices.reratings(batch.billed.id).forEach(rerating -> ids.add(rerating.byBatch()));
        }
        BilledMonths months = BilledMonths.of(connection, ids, tenants.keySet(), from);
        Map<BilledLine, Boolean> asked = new HashMap<>();
        changes.removeIf(change -> {
            if (credited.isNothingOf(change.tenant())) {
                return false;
            }
            boolean left =
                    lines(change, months).stream().anyMatch(line -> asked.computeIfAbsent(line, credited::isCredited));
            if (left) {
                sums.get(change.tenant().id()).leaveCredited();
            }
            return left;
        });
    }

    /** The lines that a record's billing stands on: of each month that bears some of it, the one of its last price. */
    private List<BilledLine> lines(Change change, BilledMonths months) {
        long id = change.batch().billed.id;
        int tenant = change.tenant().id();
        BilledMonths.Billed first = months.of(id, tenant, change.month());
        Map<Integer, BilledLine> lines = new LinkedHashMap<>();
        lines.put(
                first.month(),
                line(change, BilledPrice.archived(change.records(), change.row()), first.month(), first.kind()));
        for (BilledPrices.Rerating rerating : prices.reratings(id)) {
            BilledPrice price = rerating.prices().get(change.row());
            if (price != null) {
                int month =
                        months.of(rerating.byBatch(), tenant, change.month()).month();
                lines.put(month, line(change, price, month, month == first.month() ? first.kind() : EntryKind.RERATE));
            }
        }
        return List.copyOf(lines.values());
    }

    private static BilledLine line(Change change, BilledPrice price, int month, EntryKind kind) {
        UsageKey key = change.records().key(change.row());
        return new BilledLine(
                change.tenant(),
                key.datacenter(),
                key.meter().name(),
                key.product(),
                key.unit(),
                key.resource(),
                Months.of(change.month()),
                Months.of(month),
                kind,
                price.price().unitPrice(),
                price.price().priced());
    }

    // ---- what was found ------------------------------------------------------------------------------------------

    /** By tenant id. */
    Map<Integer, RerateSums> sums() {
        return sums;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    List<Change> changes() {
        return changes;
    }

    /** The buckets of what is billed otherwise. */
    Set<Integer> buckets() {
        Set<Integer> buckets = new HashSet<>();
        changes.forEach(change -> buckets.add(change.tenant().bucket()));
        return buckets;
    }

    /**
     * The entries of all changes; their keys must be resolved.
     *
     * @param ready told of each billing month before it is written to
     */
    RerateEntries entries(Connection connection, IntConsumer ready) throws SQLException {
        Set<Long> ids = new HashSet<>();
        int first = Integer.MAX_VALUE;
        for (Change change : changes) {
            ids.add(change.batch().billed.id);
            first = Math.min(first, change.month());
        }
        BilledMonths months = BilledMonths.of(connection, ids, tenants.keySet(), Months.of(first));
        RerateEntries entries = new RerateEntries();
        for (Change change : changes) {
            int tenant = change.tenant().id();
            BilledMonths.Billed billed = months.of(change.batch().billed.id, tenant, change.month());
            int month = closed.billingMonth(tenant, change.month());
            ready.accept(month);
            int kind = month == billed.month() ? billed.kind().inPlaceCode() : EntryKind.RERATE.code();
            entries.change(change.records(), change.row(), change.before(), change.after(), month, kind);
        }
        return entries;
    }

    /** What each batch's records are billed at from now on. */
    Map<Long, SortedMap<Integer, BilledPrice>> repriced() {
        Map<Long, SortedMap<Integer, BilledPrice>> repriced = new TreeMap<>();
        for (Change change : changes) {
            repriced.computeIfAbsent(change.batch().billed.id, id -> new TreeMap<>())
                    .put(change.row(), change.after());
        }
        return repriced;
    }
}
