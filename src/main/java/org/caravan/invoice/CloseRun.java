package org.caravan.invoice;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.caravan.common.LostConnection;
import org.caravan.common.UserError;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.cost.CostKey;
import org.caravan.invoice.cost.CostPrices;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.ledger.TenantMonth;
import org.caravan.rating.cost.UnitCost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One close at work: gathers accounts into chunks, claims a chunk's months, builds its drafts while usage still enters, and
 * issues them. What another hub has claimed is left to it, so that two share the work.
 */
final class CloseRun implements Issue.Desk {
    private static final Logger LOG = LoggerFactory.getLogger(CloseRun.class);

    private final CloseOrder order;
    private final OpenAccounts open;
    private final Issue issue;
    private final Claims claims;
    private final Issue.Drafter drafter;
    private final CostPrices costs;
    private final CloseSettings settings;
    private final Consumer<IssuedDocument> progress;

    private final List<IssuedDocument> issued = new ArrayList<>();
    private final Map<String, List<String>> held = new TreeMap<>();
    private final Map<Integer, String> missed = new HashMap<>();
    private final List<Account> chunk = new ArrayList<>();
    private int sums;

    /** An account that waits for its draft. */
    private record Account(AccountProfile profile, List<TenantMonth> usage) {
        String name() {
            return profile.account();
        }
    }

    CloseRun(
            CloseOrder order,
            OpenAccounts open,
            Issue issue,
            Claims claims,
            Issue.Drafter drafter,
            CostPrices costs,
            CloseSettings settings,
            Consumer<IssuedDocument> progress) {
        this.order = order;
        this.open = open;
        this.issue = issue;
        this.claims = claims;
        this.drafter = drafter;
        this.costs = costs;
        this.settings = settings;
        this.progress = progress;
    }

    CloseResult run(boolean due) throws SQLException {
        try {
            open.stream(due, this::add);
            flush();
        } catch (BrokenOff e) {
            throw e.cause;
        }
        held.putAll(open.held());
        List<CloseResult.Held> all = new ArrayList<>();
        held.forEach((account, reasons) -> reasons.forEach(reason -> all.add(new CloseResult.Held(account, reason))));
        Set<String> elsewhere = new TreeSet<>();
        claims.claimedByOthers(missed.keySet()).forEach(tenant -> elsewhere.add(missed.get(tenant)));
        return new CloseResult(order.month(), issued, all, open.holds(), List.copyOf(elsewhere), open.overridden());
    }

    private void add(AccountProfile profile, List<TenantMonth> usage) {
        int more = usage.stream().mapToInt(month -> month.sums().size()).sum();
        if (!chunk.isEmpty() && sums + more > settings.sumsPerTransaction()) {
            flush();
        }
        chunk.add(new Account(profile, usage));
        sums += more;
        if (chunk.size() >= settings.accountsPerTransaction()) {
            flush();
        }
    }

    private void flush() {
        if (chunk.isEmpty()) {
            return;
        }
        List<Account> accounts = List.copyOf(chunk);
        chunk.clear();
        sums = 0;
        try {
            List<Draft> drafts = drafts(claimed(accounts));
            if (!drafts.isEmpty()) {
                issue(drafts);
            }
        } catch (SQLException e) {
            throw new BrokenOff(e);
        }
    }

    /** The accounts of which all tenants are ours now. */
    private List<Account> claimed(List<Account> accounts) throws SQLException {
        Set<Integer> ours = claims.claim(tenants(accounts));
        List<Account> claimed = new ArrayList<>();
        Set<Integer> back = new HashSet<>();
        for (Account account : accounts) {
            Set<Integer> tenants = tenants(List.of(account));
            if (ours.containsAll(tenants)) {
                claimed.add(account);
            } else {
                tenants.forEach(tenant -> missed.put(tenant, account.name()));
                tenants.retainAll(ours);
                back.addAll(tenants);
            }
        }
        claims.release(back);
        return claimed;
    }

    private List<Draft> drafts(List<Account> accounts) {
        List<Draft> drafts = new ArrayList<>();
        for (Account account : accounts) {
            try {
                drafts.add(drafter.draft(account.profile(), account.usage(), open.terms()));
            } catch (UserError e) {
                held.put(account.name(), List.of(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.error(
                        "Account {}: its document can't be built, the others go on: {}", account.name(), e.toString());
                LOG.debug("the cause", e);
                held.put(account.name(), List.of("its document can't be built: " + e));
            }
        }
        return drafts;
    }

    private void issue(List<Draft> drafts) {
        try {
            record(issue.issue(drafts, this));
            return;
        } catch (SQLException e) {
            refuseIfGone(e);
            if (drafts.size() == 1) {
                hold(drafts.get(0), e);
                return;
            }
            LOG.warn("A chunk of {} accounts failed ({}); issuing them one by one", drafts.size(), firstLine(e));
        } catch (RuntimeException e) {
            if (drafts.size() == 1) {
                hold(drafts.get(0), e);
                return;
            }
            LOG.warn("A chunk of {} accounts failed ({}); issuing them one by one", drafts.size(), firstLine(e));
        }
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            try {
                // each may wait for locks as long as the chunk did: the others' leases must not lapse meanwhile
                claims.renew(drafts.subList(i, drafts.size()));
                record(issue.issue(List.of(draft), this));
            } catch (SQLException e) {
                refuseIfGone(e);
                hold(draft, e);
            } catch (RuntimeException e) {
                hold(draft, e);
            }
        }
    }

    @Override
    public Draft draft(AccountProfile profile, List<TenantMonth> usage, Terms terms) {
        return drafter.draft(profile, usage, terms);
    }

    @Override
    public Issue.Book book(Connection connection) throws SQLException {
        return open.read(connection);
    }

    @Override
    public Set<Integer> claim(Connection connection, Collection<Integer> tenants) throws SQLException {
        return claims.claim(connection, tenants);
    }

    @Override
    public String owner() {
        return claims.owner();
    }

    @Override
    public Map<Integer, String> holds(Connection connection, Collection<Integer> tenants) throws SQLException {
        return open.recheck(connection, tenants);
    }

    @Override
    public String objection(Draft draft) {
        if (order.approved() == null) {
            return null;
        }
        CloseOrder.Total approved = order.approved().get(draft.account());
        CloseOrder.Total now = Closer.total(draft);
        return now.equals(approved)
                ? null
                : "its total is " + now + " now, " + approved + " was approved; look at it again: caravan approve "
                        + order.month();
    }

    @Override
    public Map<String, String> freeze(Connection connection, List<Draft> drafts, Instant now) throws SQLException {
        SortedMap<CostKey, UnitCost> all = new TreeMap<>();
        drafts.forEach(draft -> all.putAll(draft.costs()));
        SortedMap<CostKey, UnitCost> others = costs.freeze(connection, all, now);
        Map<String, String> objections = new HashMap<>();
        for (Draft draft : drafts) {
            draft.costs().keySet().stream()
                    .filter(others::containsKey)
                    .findFirst()
                    .ifPresent(key -> objections.put(
                            draft.account(),
                            "the price of " + key.name() + " in " + key.month() + " was frozen otherwise meanwhile;"
                                    + " close once more"));
        }
        return objections;
    }

    private void record(Issue.Outcome outcome) {
        issued.addAll(outcome.issued());
        outcome.held().forEach((account, reason) -> held.put(account, List.of(reason)));
        outcome.missed()
                .forEach(draft -> Issue.tenants(List.of(draft)).forEach(tenant -> missed.put(tenant, draft.account())));
        outcome.issued().forEach(progress);
    }

    private void hold(Draft draft, Exception e) {
        String reason = "its document can't be issued: " + firstLine(e);
        LOG.error("Account {}: {}; the others go on", draft.account(), reason);
        LOG.debug("the cause", e);
        held.put(draft.account(), List.of(reason));
    }

    private static Set<Integer> tenants(List<Account> accounts) {
        Set<Integer> tenants = new HashSet<>();
        accounts.forEach(account ->
                account.usage().forEach(usage -> tenants.add(usage.tenant().id())));
        return tenants;
    }

    /** A batch's own message is the whole statement with the document in it; the server's is behind it. */
    private static String firstLine(Exception e) {
        Exception cause = e instanceof BatchUpdateException batch && batch.getNextException() != null
                ? batch.getNextException()
                : e;
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /** A database that is gone is no account's fault: going on would only name every account as held. */
    private static void refuseIfGone(SQLException e) {
        if (LostConnection.is(e)) {
            throw new BrokenOff(e);
        }
    }

    /** Carries a lost connection out of the stream of tenants. */
    private static final class BrokenOff extends RuntimeException {
        private final transient SQLException cause;

        BrokenOff(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
