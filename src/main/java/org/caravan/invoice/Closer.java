package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.common.LostConnection;
import org.caravan.common.UserError;
import org.caravan.invoice.contract.Contracts;
import org.caravan.invoice.contract.Payer;
import org.caravan.invoice.contract.Terms;
import org.caravan.invoice.cost.CostHold;
import org.caravan.invoice.cost.CostPrices;
import org.caravan.invoice.cost.CostPricing;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Accounts;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentBuilder;
import org.caravan.invoice.document.DocumentHead;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.invoice.hold.SourceHold;
import org.caravan.ledger.LedgerSchema.Identity;
import org.caravan.ledger.MonthReader;
import org.caravan.ledger.OpenMonths;
import org.caravan.ledger.RollUp;
import org.caravan.ledger.TenantChoice;
import org.caravan.ledger.TenantMonth;
import org.caravan.ledger.TenantRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes months: every account with usage that nothing holds gets its document, once. Drafts are built outside any
 * transaction, from a stream in flat memory; {@link Issue} then issues a chunk of them in a short one.
 *
 * <p>Numbers follow the order of accounts: those that are one tenant by realm and name, then those that tie tenants, by
 * name. Safe for concurrent use by any number of hubs. In a proforma ledger nothing holds a month.
 */
public final class Closer {
    private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

    private final DataSource dataSource;
    private final MonthReader months;
    private final Identity identity;
    private final Accounts accounts;
    private final Contracts contracts;
    private final Map<String, String> labels;
    private final CloseSettings settings;
    private final ClosePolicy policy;
    private final List<HoldRule> rules;
    private final CostPrices costs;
    private final Clock clock;
    private final Issue issue;

    /** Claims that could not be given back, as the database was away. */
    private final Queue<Claims> left = new ConcurrentLinkedQueue<>();

    /** What {@link #closeDue} said last of a month that stays open, so that it says it once. */
    private final Map<YearMonth, String> said = new ConcurrentHashMap<>();

    /** As the other constructor, with the default policy. */
    public Closer(
            DataSource dataSource,
            Identity identity,
            Accounts accounts,
            Map<String, String> labels,
            CloseSettings settings,
            Clock clock) {
        this(dataSource, identity, accounts, labels, settings, ClosePolicy.defaults(), List.of(), clock);
    }

    /** As the next constructor, where no usage is priced at cost. */
    public Closer(
            DataSource dataSource,
            Identity identity,
            Accounts accounts,
            Map<String, String> labels,
            CloseSettings settings,
            ClosePolicy policy,
            List<HoldRule> more,
            Clock clock) {
        this(dataSource, identity, accounts, labels, settings, policy, more, CostPrices.none(), clock);
    }

    /** As the next constructor, where nobody keeps contracts. */
    public Closer(
            DataSource dataSource,
            Identity identity,
            Accounts accounts,
            Map<String, String> labels,
            CloseSettings settings,
            ClosePolicy policy,
            List<HoldRule> more,
            CostPrices costs,
            Clock clock) {
        this(dataSource, identity, accounts, Contracts.none(), labels, settings, policy, more, costs, clock);
    }

    /**
     * @param contracts what accounts pay beside and for their usage
     * @param labels names for people by meter or product
     * @param more rules that hold a month, beside those of the policy
     * @param costs prices of usage that gets its price when its month closes
     */
    public Closer(
            DataSource dataSource,
            Identity identity,
            Accounts accounts,
            Contracts contracts,
            Map<String, String> labels,
            CloseSettings settings,
            ClosePolicy policy,
            List<HoldRule> more,
            CostPrices costs,
            Clock clock) {
        this.dataSource = dataSource;
        this.months = new MonthReader(dataSource);
        this.identity = Objects.requireNonNull(identity, "identity");
        if (identity.currency() == null) {
            throw new UserError(
                    "the ledger has no currency yet; ingest usage with a tariff first, or name its currency");
        }
        this.accounts = accounts;
        this.contracts = identity.proforma() ? Contracts.none() : contracts;
        this.labels = Map.copyOf(labels);
        this.settings = settings;
        this.policy = policy;
        List<HoldRule> all = new ArrayList<>(policy.rules());
        all.addAll(more);
        all.addAll(this.contracts.rules());
        all.add(new CostHold(costs));
        this.costs = costs;
        this.rules = identity.proforma() ? List.of() : List.copyOf(all);
        this.clock = clock;
        accounts.file().check(identity.currency());
        this.issue = new Issue(dataSource, months, identity, settings, clock);
    }

    /** Closes a month for all accounts, as {@link #close(YearMonth, Set, Consumer)} does. */
    public CloseResult close(YearMonth month) throws SQLException {
        return close(month, null, issued -> {});
    }

    /**
     * Closes a month as somebody orders it: over every hold that may be overridden.
     *
     * @param accounts only these; null for all
     * @param progress told of each issued document, after its transaction
     */
    public CloseResult close(YearMonth month, Set<String> accounts, Consumer<IssuedDocument> progress)
            throws SQLException {
        return close(CloseOrder.of(month).only(accounts).forced(), progress);
    }

    /**
     * Closes what the order names and nothing holds. What is closed already stays as it is, so doing it again after a
     * failure goes on where that stopped.
     *
     * @param progress told of each issued document, after its transaction
     * @throws UserError if the month is not over
     * @throws SQLException if the database can't be reached; what was issued before stays issued
     */
    public CloseResult close(CloseOrder order, Consumer<IssuedDocument> progress) throws SQLException {
        requireOver(order.month());
        if (!identity.proforma()
                && Transactions.single(dataSource, connection -> RollUp.isBehind(connection, order.month()))) {
            RollUp.run(dataSource, settings.lockWait());
        }
        return close(order, false, progress);
    }

    /**
     * Closes every month that is over and that nothing holds, the oldest first. The failure of a month, or of an account,
     * does not keep the others from being closed. Where a person has to approve, usage is summed up for whoever reads it, and
     * nothing else is done.
     *
     * @return by month that had something open; empty if there was none
     * @throws SQLException if the database can't be reached
     */
    public List<CloseResult> closeDue() throws SQLException {
        RollUp.run(dataSource, settings.lockWait());
        if (policy.approval()) {
            return List.of();
        }
        List<CloseResult> results = new ArrayList<>();
        for (YearMonth month : due()) {
            try {
                CloseResult result = close(CloseOrder.of(month), true, issued -> {});
                results.add(result);
                tell(result);
                if (result.holds().stream().anyMatch(SourceHold::isOne)) {
                    // so it holds every later month; one that reports just now must not let those go first
                    break;
                }
            } catch (SQLException e) {
                if (LostConnection.is(e)) {
                    throw e;
                }
                LOG.error("{} could not be closed, the other months go on: {}", month, e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("{} could not be closed, the other months go on", month, e);
            }
        }
        return results;
    }

    /**
     * What closing would issue, and what would stay open; changes nothing. The month need not be over.
     *
     * @param order whose {@code approved} plays no part
     */
    public ClosePreview preview(CloseOrder order) throws SQLException {
        return preview(order, rules);
    }

    private ClosePreview preview(CloseOrder order, List<HoldRule> heeded) throws SQLException {
        costs.refresh(dataSource, order.month());
        OpenAccounts open = new OpenAccounts(months, accounts, contracts, heeded, heeded == rules, order, clock);
        Map<String, CloseOrder.Total> ready = new LinkedHashMap<>();
        Map<String, List<String>> held = new TreeMap<>();
        open.stream(false, (profile, usage) -> {
            try {
                ready.put(profile.account(), total(draft(order.month(), profile, usage, open.terms())));
            } catch (UserError e) {
                held.put(profile.account(), List.of(e.getMessage()));
            }
        });
        held.putAll(open.held());
        List<CloseResult.Held> all = new ArrayList<>();
        held.forEach((account, reasons) -> reasons.forEach(reason -> all.add(new CloseResult.Held(account, reason))));
        return new ClosePreview(order.month(), ready, List.copyOf(all), List.copyOf(open.holds()));
    }

    /** What the documents of all that is open would come to, whatever holds it; accounts that can't be billed are missing. */
    public Map<String, CloseOrder.Total> totals(YearMonth month) throws SQLException {
        return preview(CloseOrder.of(month), List.of()).ready();
    }

    /**
     * What closing would issue now to one payer, whatever holds it that a person may close over; changes nothing. The month
     * need not be over. Built as what is issued is, from what is committed, of the payer's own usage alone.
     *
     * @return one document for each account with something to bill, by name; at least one, which may be empty
     * @throws UserError if an account can't be billed as things are
     */
    public List<Document> proforma(YearMonth month, Payer payer) throws SQLException {
        Issue.Drafter drafter = (profile, usage, terms) -> draft(month, profile, usage, terms);
        return new Proforma(months, costs, drafter, clock).of(month, payer);
    }

    /** The months that are over and have entries that no document bears, with their tenants, the oldest first. */
    public Map<YearMonth, List<TenantRef>> openMonths() throws SQLException {
        YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        return Transactions.call(dataSource, connection -> OpenMonths.before(connection, now, TenantChoice.all()));
    }

    /** What holds a month, by the rules alone. */
    public List<Hold> holds(Connection connection, YearMonth month) throws SQLException {
        costs.refresh(dataSource, month);
        return new OpenAccounts(months, accounts, contracts, rules, true, CloseOrder.of(month), clock).find(connection);
    }

    /** When months may be closed, and by whom. */
    public ClosePolicy policy() {
        return policy;
    }

    /** How accounts are billed in a month. */
    public AccountProfiles profiles(YearMonth month) throws SQLException {
        return Transactions.call(dataSource, connection -> profiles(connection, month));
    }

    /** The same within the caller's transaction. */
    public AccountProfiles profiles(Connection connection, YearMonth month) throws SQLException {
        return accounts.at(connection, month);
    }

    /** The months that are over and have something that no document bears, usage or not. */
    private SortedSet<YearMonth> due() throws SQLException {
        YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        return Transactions.call(dataSource, connection -> {
            SortedSet<YearMonth> months = new TreeSet<>(contracts.due(connection, now));
            months.addAll(OpenMonths.before(connection, now, TenantChoice.all()).keySet());
            return months;
        });
    }

    /** @throws UserError if the month is not over, unless the ledger is a proforma */
    public void requireOver(YearMonth month) {
        Instant end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        if (!identity.proforma() && end.isAfter(clock.instant())) {
            throw new UserError("month " + month + " is not over: it can be closed from " + end + " on");
        }
    }

    static CloseOrder.Total total(Draft draft) {
        return new CloseOrder.Total(
                draft.document().currency(), draft.document().total());
    }

    private CloseResult close(CloseOrder order, boolean due, Consumer<IssuedDocument> progress) throws SQLException {
        costs.refresh(dataSource, order.month());
        OpenAccounts open = new OpenAccounts(months, accounts, contracts, rules, !identity.proforma(), order, clock);
        left.removeIf(Claims::releaseAll);
        Claims claims = new Claims(dataSource, order.month(), settings);
        try {
            Issue.Drafter drafter = (profile, usage, terms) -> draft(order.month(), profile, usage, terms);
            return new CloseRun(order, open, issue, claims, drafter, costs, settings, progress).run(due);
        } finally {
            if (!claims.releaseAll()) {
                left.add(claims);
            }
        }
    }

    /** Builds a document whose key and number are given when it is issued. */
    private Draft draft(YearMonth month, AccountProfile profile, List<TenantMonth> usage, Terms terms) {
        DocumentHead head = DocumentHead.invoice(
                identity.issuer(),
                profile.account(),
                month,
                1,
                "draft",
                identity.proforma(),
                identity.currency(),
                labels);
        CostPricing.Priced priced = CostPricing.apply(usage, costs);
        Terms.Bill bill = terms.bill(profile, priced.usage());
        return new Draft(
                month,
                profile,
                usage,
                DocumentBuilder.build(head, profile, bill.usage(), bill.charges()),
                priced.prices(),
                priced.added().add(bill.added()),
                bill.binding());
    }

    private void tell(CloseResult result) {
        if (!result.issued().isEmpty()) {
            LOG.info(
                    "{} closed for {} accounts", result.month(), result.issued().size());
        }
        List<String> why = new ArrayList<>();
        result.holds().forEach(hold -> why.add(hold.text()));
        result.held().forEach(held -> why.add(held.account() + ": " + held.reason()));
        String text = why.stream().limit(3).reduce((a, b) -> a + "; " + b).orElse("")
                + (why.size() > 3 ? "; and " + (why.size() - 3) + " more" : "");
        if (!text.equals(said.put(result.month(), text)) && !text.isEmpty()) {
            LOG.info("{} stays open: {} (caravan months {} says all)", result.month(), text, result.month());
        }
    }
}
