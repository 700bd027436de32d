package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.caravan.common.LostConnection;
import org.caravan.common.UserError;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentKey;
import org.caravan.ledger.Buckets;
import org.caravan.ledger.Cuts;
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

    /** Builds a document from usage. */
    interface Drafter {
        /** @throws UserError if the account can't be billed as its profile says */
        Draft draft(AccountProfile profile, List<TenantMonth> usage, Terms terms);
    }

    /** Who pays for whom, and by which contracts, as one transaction saw it. */
    record Book(AccountProfiles profiles, Terms terms) {}

    /** For whom documents are issued: owns the claims and has the last word under the locks. */
    interface Desk extends Drafter {
        /** Claims for longer within the issue transaction; answers the tenants that are the desk's now. */
        Set<Integer> claim(Connection connection, Collection<Integer> tenants) throws SQLException;

        /** Accounts and contracts as they are now, under the locks. */
        Book book(Connection connection) throws SQLException;

        /** Who holds the claims. */
        String owner();

        /** What holds these tenants, whose usage changed under their drafts: reason by tenant id. */
        Map<Integer, String> holds(Connection connection, Collection<Integer> tenants) throws SQLException;

        /**
         * Freezes the unit prices that these drafts bear, for every later document of their months of use.
         *
         * @return why one must not be issued, by account; empty if all may
         */
        Map<String, String> freeze(Connection connection, List<Draft> drafts, Instant now) throws SQLException;

        /** Why a draft, as it would be issued now, must not be; null if it may. */
        String objection(Draft draft);
    }

    private final DataSource dataSource;
    private final MonthReader months;
    private final Identity identity;
    private final CloseSettings settings;
    private final Clock clock;

    Issue(DataSource dataSource, MonthReader months, Identity identity, CloseSettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.months = months;
        this.identity = identity;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * @param held reason by account
     * @param missed drafts of months that another has closed, or is closing
     */
    record Outcome(List<IssuedDocument> issued, Map<String, String> held, List<Draft> missed) {}

    /**
     * Issues the drafts, all of the same month, in their order. Those whose months are not the desk's are left out.
     *
     * @throws SQLException if nothing was issued, after as many tries as the settings allow
     */
    Outcome issue(List<Draft> drafts, Desk desk) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            Work work = new Work(desk);
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
                if (LostConnection.is(e) && work.isCommitted()) {
                    return work.outcome();
                }
            }
        }
    }

    /** Deadlock and serialisation (40), lost connections, and a race for a key, which a second look resolves. */
    static boolean mayPass(SQLException e) {
        String state = e.getSQLState();
        return LostConnection.is(e) || state != null && (state.startsWith("40") || state.equals("23505"));
    }

    /** One try of the transaction. */
    private final class Work {
        private final Desk desk;
        private final List<Draft> missed = new ArrayList<>();
        private final List<DocumentRows.Row> rows = new ArrayList<>();
        private final Map<String, String> held = new LinkedHashMap<>();

        Work(Desk desk) {
            this.desk = desk;
        }

        /** Before another try: nothing of the last one holds. */
        void forget() {
            missed.clear();
            rows.clear();
            held.clear();
        }

        Outcome outcome() {
            return new Outcome(rows.stream().map(DocumentRows.Row::document).toList(), held, List.copyOf(missed));
        }

        void run(Connection connection, List<Draft> drafts) throws SQLException {
            RestoredLedger.requireRecovered(connection);
            YearMonth month = drafts.get(0).month();
            Instant now = clock.instant();
            SortedMap<Integer, Long> epochs = Buckets.lock(connection, buckets(drafts));
            Set<Integer> ours = desk.claim(connection, tenants(drafts));
            List<Draft> mine = new ArrayList<>();
            List<Draft> changed = new ArrayList<>();
            for (Draft draft : drafts) {
                boolean claimed = ours.containsAll(tenants(List.of(draft)));
                (claimed ? mine : missed).add(draft);
                if (claimed && !draft.isCurrent(epochs)) {
                    changed.add(draft);
                }
            }
            Map<Integer, String> holds = changed.isEmpty() ? Map.of() : desk.holds(connection, tenants(changed));
            Book book = changed.isEmpty() ? null : desk.book(connection);
            List<Draft> ready = new ArrayList<>();
            for (Draft draft : mine) {
                Draft current = draft.isCurrent(epochs) ? draft : anew(connection, draft, holds, book);
                if (current != null && isUnobjected(current)) {
                    ready.add(current);
                }
            }
            Reissue again = Reissue.of(
                    connection,
                    Document.Kind.INVOICE,
                    month,
                    ready.stream().map(Draft::account).toList());
            for (Draft draft : List.copyOf(ready)) {
                Document document = draft.document();
                Optional<String> difference = again.difference(draft.account(), document.currency(), document.total());
                if (difference.isPresent()) {
                    held.put(draft.account(), difference.get());
                    ready.remove(draft);
                }
            }
            // before the number series, for which every issue waits
            Map<String, String> moved = desk.freeze(connection, ready, now);
            held.putAll(moved);
            ready.removeIf(draft -> moved.containsKey(draft.account()));
            bind(connection, ready, now);
            if (!ready.isEmpty()) {
                write(connection, ready, again, month, now);
            }
        }

        /** Was the transaction committed whose answer was lost? */
        boolean isCommitted() throws SQLException {
            return !rows.isEmpty() && rows.get(0).isCommitted(dataSource);
        }

        /** Binds contracts; those that were bound otherwise meanwhile are left out. */
        private void bind(Connection connection, List<Draft> ready, Instant now) throws SQLException {
            List<Draft> inOrder = new ArrayList<>(ready);
            inOrder.sort(Comparator.comparing(draft -> draft.binding().order()));
            for (Draft draft : inOrder) {
                String otherwise = draft.binding().freeze(connection, now);
                if (otherwise != null) {
                    held.put(draft.account(), otherwise);
                    ready.remove(draft);
                }
            }
        }

        /** Another draft from what the ledger holds now; null if there is none. */
        private Draft anew(Connection connection, Draft draft, Map<Integer, String> holds, Book book)
                throws SQLException {
            AccountProfile profile = book.profiles().profile(draft.account());
            if (!isOf(draft, book.profiles())
                    || !profile.tenants().equals(draft.profile().tenants())) {
                held.put(draft.account(), "its tenants were tied otherwise meanwhile; close once more");
                return null;
            }
            Cuts cuts = book.terms().cuts().only(tenants(List.of(draft)));
            List<TenantMonth> fresh = new ArrayList<>();
            for (TenantMonth usage : draft.usage()) {
                String reason = holds.get(usage.tenant().id());
                if (reason != null) {
                    held.put(draft.account(), reason);
                    return null;
                }
                fresh.add(months.tenant(connection, usage.tenant(), usage.month(), cuts));
            }
            if (fresh.stream().allMatch(usage -> usage.sums().isEmpty())
                    && !book.terms().due().contains(draft.account())) {
                return null;
            }
            try {
                return desk.draft(profile, fresh, book.terms());
            } catch (UserError e) {
                held.put(draft.account(), e.getMessage());
                return null;
            }
        }

        /** True if all its tenants are the account's still. */
        private static boolean isOf(Draft draft, AccountProfiles profiles) {
            return draft.usage().stream()
                    .allMatch(usage -> draft.account().equals(AccountNames.of(profiles, usage.tenant())));
        }

        private boolean isUnobjected(Draft draft) {
            String objection = desk.objection(draft);
            if (objection != null) {
                held.put(draft.account(), objection);
            }
            return objection == null;
        }

        private void write(Connection connection, List<Draft> drafts, Reissue again, YearMonth month, Instant now)
                throws SQLException {
            Map<String, Integer> sequences = DocumentRows.sequences(
                    connection,
                    identity.issuer(),
                    drafts.stream().map(Draft::account).toList(),
                    month);
            List<Long> ids = DocumentRows.ids(connection, drafts.size());
            NumberSeries series = NumberSeries.of(identity.issuer(), Document.Kind.INVOICE, identity.proforma(), month);
            int fresh = (int) drafts.stream()
                    .filter(draft -> again.name(draft.account()).isEmpty())
                    .count();
            long next = fresh == 0 ? 0 : series.take(connection, fresh);
            try (DocumentRows documents = new DocumentRows(connection, now)) {
                for (int i = 0; i < drafts.size(); i++) {
                    Draft draft = drafts.get(i);
                    Optional<Reissue.Name> known = again.name(draft.account());
                    int sequence =
                            known.isPresent() ? known.get().sequence() : sequences.getOrDefault(draft.account(), 0) + 1;
                    String key = known.isPresent()
                            ? known.get().key()
                            : DocumentKey.of(identity.issuer(), draft.account(), month, sequence);
                    String number = known.isPresent() ? known.get().number() : series.text(next++);
                    Document numbered = Draft.numbered(draft.document(), key, number);
                    rows.add(documents.add(ids.get(i), numbered, sequence, null, draft.atClose()));
                }
                documents.write();
            }
            Map<Draft, IssuedDocument> byDraft = new IdentityHashMap<>();
            for (int i = 0; i < drafts.size(); i++) {
                byDraft.put(drafts.get(i), rows.get(i).document());
            }
            List<Draft> inOrder = new ArrayList<>(drafts);
            inOrder.sort(Comparator.comparing(draft -> draft.binding().order()));
            for (Draft draft : inOrder) {
                draft.binding().issued(connection, byDraft.get(draft), now);
            }
            Map<Integer, Long> closed = new HashMap<>();
            for (int i = 0; i < drafts.size(); i++) {
                again.issued(
                        connection,
                        drafts.get(i).account(),
                        ids.get(i),
                        drafts.get(i).document().total(),
                        now);
                for (TenantMonth usage : drafts.get(i).usage()) {
                    closed.put(usage.tenant().id(), ids.get(i));
                }
            }
            if (!MonthStates.close(connection, closed, month, desk.owner(), now)) {
                throw new IllegalStateException("a tenant's " + month
                        + " was claimed under its bucket's lock and is not ours now: " + closed.keySet());
            }
        }
    }

    /** The ids of all tenants of these drafts. */
    static Set<Integer> tenants(List<Draft> drafts) {
        Set<Integer> tenants = new TreeSet<>();
        drafts.forEach(draft ->
                draft.usage().forEach(usage -> tenants.add(usage.tenant().id())));
        return tenants;
    }

    private static TreeSet<Integer> buckets(List<Draft> drafts) {
        TreeSet<Integer> buckets = new TreeSet<>();
        drafts.forEach(draft ->
                draft.usage().forEach(usage -> buckets.add(usage.tenant().bucket())));
        return buckets;
    }
}
