package org.caravan.invoice;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.DocumentBuilder;
import org.caravan.invoice.document.DocumentHead;
import org.caravan.ledger.LedgerSchema.Identity;
import org.caravan.ledger.MonthReader;
import org.caravan.ledger.TenantMonth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes months: every account with usage gets its document, once. Drafts are built outside any transaction, from a stream
 * in flat memory; {@link Issue} then issues a chunk of them in a short one.
 *
 * <p>Numbers follow the order of accounts: those that are one tenant by realm and name, then those that tie tenants, by
 * name. Safe for concurrent use by any number of hubs.
 */
public final class Closer {
    private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

    private final MonthReader months;
    private final Identity identity;
    private final AccountProfiles profiles;
    private final Map<String, String> labels;
    private final CloseSettings settings;
    private final Issue issue;

    /**
     * @param labels names for people by meter or product
     */
    public Closer(
            DataSource dataSource,
            Identity identity,
            AccountProfiles profiles,
            Map<String, String> labels,
            CloseSettings settings,
            Clock clock) {
        this.months = new MonthReader(dataSource);
        this.identity = Objects.requireNonNull(identity, "identity");
        if (identity.currency() == null) {
            throw new UserError(
                    "the ledger has no currency yet; ingest usage with a tariff first, or name its currency");
        }
        this.profiles = profiles;
        this.labels = Map.copyOf(labels);
        this.settings = settings;
        profiles.check(identity.currency());
        this.issue = new Issue(dataSource, months, identity, this::draft, settings, clock);
    }

    /** Closes a month for all accounts. */
    public CloseResult close(YearMonth month) throws SQLException {
        return close(month, null, issued -> {});
    }

    /**
     * Closes a month. What is closed already stays as it is, so doing it again after a failure goes on where that stopped.
     *
     * @param accounts only these; null for all
     * @param progress told of each issued document, after its transaction
     * @throws SQLException if the database can't be reached; what was issued before stays issued
     * @throws UserError if the ledger was restored from a backup and not recovered
     */
    public CloseResult close(YearMonth month, Set<String> accounts, Consumer<IssuedDocument> progress)
            throws SQLException {
        issue.requireRecovered();
        Run run = new Run(progress);
        Map<String, List<TenantMonth>> tied = new TreeMap<>();
        try {
            months.openTenants(month, usage -> {
                String account = profiles.accountOf(usage.tenant());
                if (usage.sums().isEmpty() || accounts != null && !accounts.contains(account)) {
                    return;
                }
                AccountProfile profile = profiles.profile(account);
                if (!profile.bill()) {
                    run.held.putIfAbsent(account, "its profile says bill: false");
                } else if (profile.tenants().isEmpty()) {
                    run.add(profile, List.of(usage));
                } else {
                    tied.computeIfAbsent(account, name -> new ArrayList<>()).add(usage);
                }
            });
            tied.forEach((account, usage) -> run.add(profiles.profile(account), usage));
            run.flush();
        } catch (BrokenOff e) {
            throw e.cause;
        }
        List<CloseResult.Held> held = new ArrayList<>();
        run.held.forEach((account, reason) -> held.add(new CloseResult.Held(account, reason)));
        return new CloseResult(month, run.issued, held);
    }

    /** Builds a document whose key and number are given when it is issued. */
    private Draft draft(AccountProfile profile, List<TenantMonth> usage) {
        DocumentHead head = DocumentHead.invoice(
                identity.issuer(),
                profile.account(),
                usage.get(0).month(),
                1,
                "draft",
                identity.proforma(),
                identity.currency(),
                labels);
        return new Draft(profile, usage, DocumentBuilder.build(head, profile, usage));
    }

    /** One close: gathers drafts into chunks and issues them. */
    private final class Run {
        private final Consumer<IssuedDocument> progress;
        private final List<IssuedDocument> issued = new ArrayList<>();
        private final Map<String, String> held = new TreeMap<>();
        private final List<Draft> chunk = new ArrayList<>();
        private int sums;

        Run(Consumer<IssuedDocument> progress) {
            this.progress = progress;
        }

        void add(AccountProfile profile, List<TenantMonth> usage) {
            Draft draft;
            try {
                draft = draft(profile, usage);
            } catch (UserError e) {
                held.put(profile.account(), e.getMessage());
                return;
            } catch (RuntimeException e) {
                LOG.error(
                        "Account {}: its document can't be built, the others go on: {}",
                        profile.account(),
                        e.toString());
                LOG.debug("the cause", e);
                held.put(profile.account(), "its document can't be built: " + e);
                return;
            }
            if (!chunk.isEmpty() && sums + draft.sums() > settings.sumsPerTransaction()) {
                flush();
            }
            chunk.add(draft);
            sums += draft.sums();
            if (chunk.size() >= settings.accountsPerTransaction()) {
                flush();
            }
        }

        void flush() {
            if (chunk.isEmpty()) {
                return;
            }
            List<Draft> drafts = List.copyOf(chunk);
            chunk.clear();
            sums = 0;
            try {
                record(issue.issue(drafts));
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
            for (Draft draft : drafts) {
                try {
                    record(issue.issue(List.of(draft)));
                } catch (SQLException e) {
                    refuseIfGone(e);
                    hold(draft, e);
                } catch (RuntimeException e) {
                    hold(draft, e);
                }
            }
        }

        private void record(Issue.Outcome outcome) {
            issued.addAll(outcome.issued());
            held.putAll(outcome.held());
            outcome.issued().forEach(progress);
        }

        private void hold(Draft draft, Exception e) {
            String reason = "its document can't be issued: " + firstLine(e);
            LOG.error("Account {}: {}; the others go on", draft.account(), reason);
            LOG.debug("the cause", e);
            held.put(draft.account(), reason);
        }

        /** A batch's own message is the whole statement with the document in it; the server's is behind it. */
        private static String firstLine(Exception e) {
            Exception cause = e instanceof BatchUpdateException batch && batch.getNextException() != null
                    ? batch.getNextException()
                    : e;
            return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        }

        /** A database that is gone is no account's fault: going on would only name every account as held. */
        private void refuseIfGone(SQLException e) {
            if (Issue.isConnectionLost(e)) {
                throw new BrokenOff(e);
            }
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
