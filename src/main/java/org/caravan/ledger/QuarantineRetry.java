package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.common.UserError;

/**
 * Bills what was held: tries records again, or accepts a conflicting record in the place of what is billed.
 *
 * <p>A record's new state and its entries are one transaction that begins with the record's lock, so that commands at once,
 * or one that is killed and run again, bill it once. Works beside running hubs.
 */
public final class QuarantineRetry {
    /** Records tried again in one transaction. */
    public static final int MAX_RECORDS = 1_000;

    private static final long MAX_TEXT = 4 << 20;
    private static final String CUT = "its text was kept only in part, or altered, so it can't be read again:"
            + " read its source again, or drop it";

    private final Quarantine quarantine;
    private final Ledger ledger;
    private final HeldReader reader;

    public QuarantineRetry(DataSource dataSource, Ledger ledger, HeldReader reader, Clock clock) {
        this.quarantine = new Quarantine(dataSource, clock);
        this.ledger = ledger;
        this.reader = reader;
    }

    /**
     * Reads, rates and bills records again, under today's meters and prices, in as few transactions as it can.
     *
     * @param ids at most {@link #MAX_RECORDS}
     * @return what became of each that there is, in order of id
     */
    public List<Outcome> retry(Collection<Long> ids) throws SQLException {
        Map<Long, Outcome> outcomes = new java.util.TreeMap<>();
        Map<List<String>, List<QuarantineEntry>> groups = new LinkedHashMap<>();
        for (QuarantineEntry record : quarantine.find(ids)) {
            if (!record.state().equals("held")) {
                outcomes.put(record.id(), decided(record));
            } else if (!record.complete() || record.raw() == null) {
                outcomes.put(record.id(), new Outcome(record.id(), Outcome.What.HELD, CUT));
            } else {
                groups.computeIfAbsent(
                                java.util.Arrays.asList(record.format(), record.context()), g -> new ArrayList<>())
                        .add(record);
            }
        }
        for (List<QuarantineEntry> group : groups.values()) {
            for (List<QuarantineEntry> part : parts(group)) {
                retry(part).forEach(outcome -> outcomes.put(outcome.id(), outcome));
            }
        }
        return List.copyOf(outcomes.values());
    }

    private List<Outcome> retry(List<QuarantineEntry> records) throws SQLException {
        Attempt attempt;
        try {
            attempt = attempt(records, false);
        } catch (UserError unreadable) {
            quarantine.hold(records.stream().map(QuarantineEntry::id).toList(), unreadable.getMessage());
            return records.stream()
                    .map(r -> new Outcome(r.id(), Outcome.What.HELD, unreadable.getMessage()))
                    .toList();
        }
        if (ledger.decide(attempt.batch, attempt.decision) != null) {
            return attempt.decision.outcomes();
        }
        // someone else decided some of them meanwhile: go on with the others
        return retry(records.stream().map(QuarantineEntry::id).toList());
    }

    /**
     * Bills a conflicting record in the place of what is billed of its time, or under its id: minus old, plus new.
     *
     * @throws UserError if there is no such record, or it is no conflict
     */
    public Outcome accept(long id) throws SQLException {
        QuarantineEntry record = conflict(id);
        if (!record.state().equals("held")) {
            return decided(record);
        }
        if (!record.complete() || record.raw() == null) {
            return new Outcome(id, Outcome.What.HELD, CUT);
        }
        Attempt attempt = attempt(List.of(record), true);
        if (ledger.decide(attempt.batch, attempt.decision) == null) {
            return decided(quarantine.find(id).orElseThrow());
        }
        return attempt.decision.outcomes().get(0);
    }

    /**
     * What accepting a held conflict would bill now.
     *
     * @param beside what it would take the place of, in order of time
     * @param amount what the record costs by today's prices
     * @param difference what would be billed in all: that less what is billed beside it
     * @param outcome what would become of it; {@code HELD} if it can't be used
     */
    public record Preview(List<Beside> beside, BigDecimal amount, BigDecimal difference, Outcome outcome) {
        public Preview {
            beside = List.copyOf(beside);
        }
    }

    /**
     * Does as {@link #accept} and takes it back: nothing changes.
     *
     * @throws UserError if there is no such record, or it is no conflict
     */
    public Preview preview(long id) throws SQLException {
        QuarantineEntry record = conflict(id);
        if (!record.state().equals("held")) {
            return new Preview(List.of(), null, null, decided(record));
        }
        if (!record.complete() || record.raw() == null) {
            return new Preview(List.of(), null, null, new Outcome(id, Outcome.What.HELD, CUT));
        }
        Attempt attempt = attempt(List.of(record), true);
        if (ledger.tryOut(attempt.batch, attempt.decision) == null) {
            return new Preview(
                    List.of(), null, null, decided(quarantine.find(id).orElseThrow()));
        }
        Decision decision = attempt.decision;
        Outcome outcome = decision.outcomes().get(0);
        boolean billed = outcome.what() == Outcome.What.BILLED;
        return new Preview(
                decision.beside(),
                billed ? decision.billedAmount() : null,
                billed ? decision.difference() : null,
                outcome);
    }

    private QuarantineEntry conflict(long id) throws SQLException {
        QuarantineEntry record =
                quarantine.find(id).orElseThrow(() -> new UserError("quarantine " + id + ": there is no such record"));
        if (!record.kind().equals("conflict")) {
            throw new UserError("quarantine " + id + ": is no conflict but unusable (" + record.reason()
                    + "): there is nothing to accept; mend the cause and retry it, or drop it");
        }
        return record;
    }

    /** A batch and what is to become of its records. */
    private record Attempt(org.caravan.metering.UsageBatch batch, Decision decision) {}

    private Attempt attempt(List<QuarantineEntry> records, boolean accept) {
        Map<Long, QuarantineEntry> byPosition = new HashMap<>();
        return new Attempt(reader.read(records, byPosition), new Decision(ledger, accept, byPosition));
    }

    private static Outcome decided(QuarantineEntry record) {
        return new Outcome(
                record.id(),
                Outcome.What.DECIDED,
                "is " + record.state() + " since " + record.updatedAt()
                        + (record.note() == null ? "" : ": " + record.note()));
    }

    private static List<List<QuarantineEntry>> parts(List<QuarantineEntry> records) {
        List<List<QuarantineEntry>> parts = new ArrayList<>();
        List<QuarantineEntry> part = new ArrayList<>();
        long text = 0;
        for (QuarantineEntry record : records) {
            if (!part.isEmpty()
                    && (part.size() == MAX_RECORDS || text + record.raw().length() > MAX_TEXT)) {
                parts.add(part);
                part = new ArrayList<>();
                text = 0;
            }
            part.add(record);
            text += record.raw().length();
        }
        parts.add(part);
        return parts;
    }
}
