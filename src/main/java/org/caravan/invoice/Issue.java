package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentKey;
import org.caravan.ledger.Buckets;
import org.caravan.ledger.LedgerSchema.Identity;
import org.caravan.ledger.LockWait;
import org.caravan.ledger.MonthReader;
import org.caravan.ledger.MonthStates;
import org.caravan.ledger.TenantMonth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issue transaction: documents, their numbers, their outbox rows and their closed months, all or nothing.
 *
 * <p>Locks are taken in one order by everyone: buckets by id, then months, which only the bucket's holder touches, then the
 * number series, last, because every issue waits for it.
 */
final class Issue {
    private static final Logger LOG = LoggerFactory.getLogger(Issue.class);

    /** Builds a document anew from usage that changed under the draft. */
    interface Drafter {
        Draft draft(AccountProfile profile, List<TenantMonth> usage);
    }

    private final DataSource dataSource;
    private final MonthReader months;
    private final Identity identity;
    private final Drafter drafter;
    private final CloseSettings settings;
    private final Clock clock;
    private final String owner = "close-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    Issue(
            DataSource dataSource,
            MonthReader months,
            Identity identity,
            Drafter drafter,
            CloseSettings settings,
            Clock clock) {
        this.dataSource = dataSource;
        this.months = months;
        this.identity = identity;
        this.drafter = drafter;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * @param held reason by account
     */
    record Outcome(List<IssuedDocument> issued, Map<String, String> held) {}

    /**
     * Issues the drafts, all of the same month, in their order. Those whose months another closed meanwhile are left out.
     *
     * @throws SQLException if nothing was issued, after as many tries as the settings allow
     */
    Outcome issue(List<Draft> drafts) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            Work work = new Work();
            try {
                LockWait.call(dataSource, settings.lockWait(), lockTimeout -> {
                    work.forget();
                    return Transactions.call(dataSource, connection -> {
                        LockWait.begin(connection, lockTimeout);
                        work.run(connection, drafts);
                        return null;
                    });
                });
                return work.outcome();
            } catch (SQLException e) {
                if (attempt >= settings.attempts() || !mayPass(e)) {
                    throw e;
                }
                LOG.info("Issuing {} documents again after SQL state {}", drafts.size(), e.getSQLState());
                // The connection may have died after COMMIT was done: then the next try would find its months closed
                // and tell of no document.
                if (isConnectionLost(e) && work.isCommitted()) {
                    return work.outcome();
                }
            }
        }
    }

    /** True where the server is gone or ended the session. */
    static boolean isConnectionLost(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    /** Deadlock and serialisation (40), lost connections, and a race for a key, which a second look resolves. */
    static boolean mayPass(SQLException e) {
        String state = e.getSQLState();
        return isConnectionLost(e) || state != null && (state.startsWith("40") || state.equals("23505"));
    }

    /** One try of the transaction. */
    private final class Work {
        private final List<DocumentRows.Row> rows = new ArrayList<>();
        private final Map<String, String> held = new LinkedHashMap<>();

        /** Before another try: nothing of the last one holds. */
        void forget() {
            rows.clear();
            held.clear();
        }

        Outcome outcome() {
            return new Outcome(rows.stream().map(DocumentRows.Row::document).toList(), held);
        }

        void run(Connection connection, List<Draft> drafts) throws SQLException {
            YearMonth month = drafts.get(0).usage().get(0).month();
            Instant now = clock.instant();
            SortedMap<Integer, Long> epochs = Buckets.lock(connection, buckets(drafts));
            List<Draft> ready = new ArrayList<>();
            for (Draft draft : drafts) {
                if (claim(connection, draft, now)) {
                    Draft current = current(connection, draft, epochs);
                    if (current == null) {
                        release(connection, draft);
                    } else {
                        ready.add(current);
                    }
                }
            }
            if (!ready.isEmpty()) {
                write(connection, ready, month, now);
            }
        }

        /** Was the transaction committed whose answer was lost? */
        boolean isCommitted() throws SQLException {
            return !rows.isEmpty() && rows.get(0).isCommitted(dataSource);
        }

        private boolean claim(Connection connection, Draft draft, Instant now) throws SQLException {
            for (TenantMonth usage : draft.usage()) {
                if (!MonthStates.claim(connection, usage.tenant(), usage.month(), owner, now, settings.lease())) {
                    release(connection, draft);
                    return false;
                }
            }
            return true;
        }

        private void release(Connection connection, Draft draft) throws SQLException {
            for (TenantMonth usage : draft.usage()) {
                MonthStates.release(connection, usage.tenant(), usage.month(), owner);
            }
        }

        /** The draft if nothing entered since, else another from what the ledger holds now; null if there is none. */
        private Draft current(Connection connection, Draft draft, SortedMap<Integer, Long> epochs) throws SQLException {
            if (draft.usage().stream()
                    .allMatch(usage -> epochs.get(usage.tenant().bucket()) == usage.epoch())) {
                return draft;
            }
            List<TenantMonth> fresh = new ArrayList<>();
            for (TenantMonth usage : draft.usage()) {
                fresh.add(months.tenant(connection, usage.tenant(), usage.month()));
            }
            if (fresh.stream().allMatch(usage -> usage.sums().isEmpty())) {
                return null;
            }
            try {
                return drafter.draft(draft.profile(), fresh);
            } catch (UserError e) {
                held.put(draft.account(), e.getMessage());
                return null;
            }
        }

        private void write(Connection connection, List<Draft> drafts, YearMonth month, Instant now)
                throws SQLException {
            Map<String, Integer> sequences = DocumentRows.sequences(
                    connection,
                    identity.issuer(),
                    drafts.stream().map(Draft::account).toList(),
                    month);
            List<Long> ids = DocumentRows.ids(connection, drafts.size());
            NumberSeries series = NumberSeries.of(identity.issuer(), Document.Kind.INVOICE, identity.proforma(), month);
            long number = series.take(connection, drafts.size());
            try (DocumentRows documents = new DocumentRows(connection, now)) {
                for (int i = 0; i < drafts.size(); i++) {
                    Draft draft = drafts.get(i);
                    int sequence = sequences.getOrDefault(draft.account(), 0) + 1;
                    String key = DocumentKey.of(identity.issuer(), draft.account(), month, sequence);
                    Document numbered = Draft.numbered(draft.document(), key, series.text(number + i));
                    rows.add(documents.add(ids.get(i), numbered, sequence, null));
                }
                documents.write();
            }
            for (int i = 0; i < drafts.size(); i++) {
                for (TenantMonth usage : drafts.get(i).usage()) {
                    if (!MonthStates.close(connection, usage.tenant(), month, owner, ids.get(i), now)) {
                        throw new IllegalStateException("month " + month + " of tenant "
                                + usage.tenant().name() + " was claimed under its bucket's lock and is not ours now");
                    }
                }
            }
        }
    }

    private static TreeSet<Integer> buckets(List<Draft> drafts) {
        TreeSet<Integer> buckets = new TreeSet<>();
        drafts.forEach(draft ->
                draft.usage().forEach(usage -> buckets.add(usage.tenant().bucket())));
        return buckets;
    }
}
