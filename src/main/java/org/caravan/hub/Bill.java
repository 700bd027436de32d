package org.caravan.hub;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.CloseResult;
import org.caravan.invoice.Closer;
import org.caravan.invoice.DeliveryProgress;
import org.caravan.invoice.Documents;
import org.caravan.invoice.IssuedDocument;
import org.caravan.invoice.Leases;
import org.caravan.invoice.RestoredLedger;
import org.caravan.invoice.document.Accounts;
import org.caravan.metering.UsageKey;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.hashmap.TariffSource;

/**
 * A month from usage files to committed invoices.
 *
 * <p>What is given is checked first, so that a wrong input leaves nothing behind. Each later step begins where the ledger
 * stands: a run that was killed is done again with the same arguments.
 */
public final class Bill {
    private static final int WRONG_INPUT = 2;

    private final HubConfig config;
    private final BillRequest request;
    private final BillListener listener;
    private final Clock clock;
    /** From here on a failure leaves behind what was done. */
    private boolean issuing;

    /**
     * @param listener told of progress, from several threads
     */
    public Bill(HubConfig config, BillRequest request, BillListener listener, Clock clock) {
        this.config = config;
        this.request = request;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Bills the month.
     *
     * @throws UserError if the input is wrong (exit code 2: a new ledger is taken back) or the work can't be done
     */
    public BillSummary run() throws Exception {
        MaskedLog.of(config);
        Instant start = clock.instant();
        BillInput input = BillInput.check(config, request, clock);
        if (input.data() != null && !Paths.isLedger(input.data())) {
            ForeignFiles.refuseUnknownInvoices(input, Set.of());
        }
        try (Teardown teardown = new Teardown()) {
            teardown.add(OutDirectory.make(input.out()));
            listener.step("starting");
            LedgerDatabase database = teardown.add(LedgerDatabase.start(config, input.currency()));
            try {
                return run(input, database, teardown, start);
            } catch (UserError e) {
                if (e.exitCode() == WRONG_INPUT && !issuing) {
                    database.takeBack();
                }
                throw e;
            }
        }
    }

    private BillSummary run(BillInput input, LedgerDatabase database, Teardown teardown, Instant start)
            throws Exception {
        DataSource ledger = database.dataSource();
        TariffSource tariff = HubRules.ofBill(config, ledger, input.tariff(), clock);
        if (input.currency() == null) {
            input.accounts().check(database.identity().currency());
        }
        Accounts accounts = Subscriptions.accounts(
                config, input.accounts(), database.identity().currency());
        Hub hub = startHub(input, ledger, tariff, accounts, teardown);
        RestoredLedger.requireRecovered(ledger);
        if (database.isOursAlone()) {
            // the delivering routes stand still until the month is closed
            Leases.lapseAll(ledger);
        }
        Documents documents = new Documents(ledger);
        if (!database.identity().proforma()) {
            Set<String> known = RestoredLedger.numbersToIssueAgain(ledger, request.month());
            documents.ofMonth(request.month()).forEach(document -> known.add(document.number()));
            ForeignFiles.refuseUnknownInvoices(input, known);
        }

        UsageFiles files = new UsageFiles(input, ledger, hub, listener);
        files.read();

        listener.step("closing " + request.month());
        issuing = true;
        CloseResult closed = close(input, database);
        List<IssuedDocument> issued = documents.ofMonth(request.month());
        if (database.identity().proforma()) {
            ForeignFiles.refuseTakenNames(input, ledger, issued);
        }
        List<DeliveryProgress.Trouble> troubles = new Delivery(hub, ledger, config, listener).await(request.month());
        return new BillSummary(
                request.month(),
                database.identity().currency(),
                database.identity().proforma(),
                issued.stream()
                        .filter(IssuedDocument::isInvoice)
                        .map(Bill::invoice)
                        .toList(),
                held(closed, input),
                files.counts(),
                files.quarantine(),
                troubles.stream().map(Bill::trouble).toList(),
                files.readNow(),
                files.duration(),
                Duration.between(start, clock.instant()));
    }

    private Hub startHub(
            BillInput input, DataSource dataSource, TariffSource tariff, Accounts accounts, Teardown teardown) {
        Map<String, Object> beans =
                HubBeans.of(config, dataSource, new ModuleChain(tariff), input.meters(), accounts, clock);
        return teardown.add(Hub.start(
                config,
                Hub.Mode.BILL,
                beans,
                Map.of("camel.kamelet.csv-directory-sink.directory", input.out().toString())));
    }

    /** A bill is somebody's order to close, so of what may be overridden only unpriced usage holds, where it is to. */
    private CloseResult close(BillInput input, LedgerDatabase database) throws SQLException {
        Closer closer =
                Closers.of(config, database.dataSource(), database.identity(), input.accounts(), input.meters(), clock);
        CloseOrder order =
                CloseOrder.of(request.month()).overriding(hold -> !hold.kind().equals("unpriced"));
        return closer.close(order, document -> {});
    }

    private List<BillSummary.Held> held(CloseResult closed, BillInput input) {
        List<BillSummary.Held> held = new ArrayList<>();
        for (CloseResult.Held account : closed.held()) {
            boolean wanted = !input.accounts().profile(account.account()).bill();
            held.add(new BillSummary.Held(account.account(), account.reason(), wanted));
        }
        closed.holds().forEach(hold -> held.add(new BillSummary.Held("every account", hold.text(), false)));
        for (String account : closed.elsewhere()) {
            held.add(new BillSummary.Held(
                    account, "another hub is closing it just now; bill again to see its invoice", false));
        }
        return held;
    }

    private static BillSummary.Invoice invoice(IssuedDocument document) {
        return new BillSummary.Invoice(
                document.key(),
                document.number(),
                tenant(document.account()),
                document.lines(),
                document.total(),
                document.exact(),
                document.currency());
    }

    /** Accounts name the default realm only before a tenant with a slash in its own name; people know it without. */
    private static String tenant(String account) {
        String realm = UsageKey.DEFAULT_REALM + "/";
        return account.startsWith(realm) && account.indexOf('/', realm.length()) > 0
                ? account.substring(realm.length())
                : account;
    }

    private static String trouble(DeliveryProgress.Trouble trouble) {
        return "invoice " + trouble.number() + " is not delivered"
                + (trouble.connector() == null ? "" : " by " + trouble.connector()) + ", " + trouble.state() + " after "
                + trouble.attempts() + " attempts: " + trouble.reason();
    }
}
