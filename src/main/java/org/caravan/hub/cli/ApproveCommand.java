package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.Closers;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.AccountFigures;
import org.caravan.invoice.AccountNames;
import org.caravan.invoice.Approval;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.ClosePreview;
import org.caravan.invoice.CloseResult;
import org.caravan.invoice.Closer;
import org.caravan.invoice.Leases;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan approve}: shows what a month comes to, and issues just that. */
@Command(
        name = "approve",
        description = {
            "Show what a month comes to, account by account beside the month before, ask, and issue what nothing holds.",
            "If a total changes between showing and issuing, nothing is issued.",
            "",
            "Exit code 1 if it was not approved, or something stays open that is to be billed."
        })
final class ApproveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "MONTH", description = "The month to issue, such as 2026-10.")
    private String month;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's account; may be repeated.")
    private List<String> tenants = new ArrayList<>();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--total",
            paramLabel = "TOTAL",
            split = ",",
            description = {
                "Issue only if all comes to this still, as its row all was shown by caravan months MONTH, such as",
                "'1250.40 NZD'; one for each currency, between commas."
            })
    private List<String> totals = new ArrayList<>();

    ApproveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        YearMonth wanted = Arguments.month(month);
        ApprovedTotals approved = totals.isEmpty() ? null : ApprovedTotals.of(totals);
        HubConfig config = options.config(terminal);
        Clock clock = Clock.systemUTC();
        if (!yes && (!terminal.interactive() || System.console() == null)) {
            throw new UserError(
                    "nobody is there to be asked; look with caravan months " + wanted + ", then approve with --yes");
        }
        try (OpenLedger ledger = options.open(terminal)) {
            Closer closer = Closers.of(config, ledger.dataSource(), clock);
            closer.requireOver(wanted);
            if (ledger.isOursAlone()) {
                Leases.lapseAll(ledger.dataSource());
            }
            Set<String> accounts =
                    tenants.isEmpty() ? null : AccountNames.of(ledger.dataSource(), closer.profiles(wanted), tenants);
            Approval approval = new Approval(ledger.dataSource(), closer, clock);
            ClosePreview shown = approval.show(CloseOrder.of(wanted).only(accounts));
            List<AccountFigures.Figure> figures = figures(ledger, shown, accounts);
            // asked and told on standard error where standard output is for a program
            PrintStream told = options.json() ? terminal.err() : terminal.out();
            show(shown, figures, told);
            if (approved != null) {
                approved.require(AccountFigures.sums(figures), wanted);
            }
            if (shown.ready().isEmpty()) {
                CloseResult nothing = nothing(shown);
                return finish(nothing, nothing, figures, closer);
            }
            if (!yes && !isConfirmed(shown, told)) {
                terminal.err().println("caravan: not approved; nothing was issued");
                return Errors.FAILED;
            }
            CloseResult issued = approval.issue(shown, System.getProperty("user.name"), document -> {});
            return finish(withHeld(issued, shown), issued, figures, closer);
        }
    }

    private static List<AccountFigures.Figure> figures(OpenLedger ledger, ClosePreview shown, Set<String> accounts)
            throws Exception {
        Set<String> held = new HashSet<>();
        shown.held().forEach(one -> held.add(one.account()));
        List<AccountFigures.Figure> figures =
                AccountFigures.of(ledger.dataSource(), shown.month(), shown.ready(), held);
        return accounts == null
                ? figures
                : figures.stream()
                        .filter(figure -> accounts.contains(figure.account()))
                        .toList();
    }

    private static void show(ClosePreview shown, List<AccountFigures.Figure> figures, PrintStream out) {
        FigureTable.print(figures, out);
        shown.holds().forEach(hold -> out.println("held for all: " + Errors.oneLine(hold.text())));
        shown.held()
                .forEach(held ->
                        out.println("held: " + Errors.oneLine(held.account()) + ": " + Errors.oneLine(held.reason())));
        out.flush();
    }

    private boolean isConfirmed(ClosePreview shown, PrintStream out) {
        Console console = System.console();
        out.print("Issue " + shown.ready().size() + " invoices of " + shown.month() + "? Type yes to go on: ");
        out.flush();
        String answer = console.readLine();
        return answer != null && answer.strip().equalsIgnoreCase("yes");
    }

    /** @param news what was not shown before */
    private int finish(CloseResult result, CloseResult news, List<AccountFigures.Figure> figures, Closer closer)
            throws SQLException {
        boolean complete = CloseCommand.isComplete(result, closer);
        if (options.json()) {
            ObjectNode node = CloseCommand.json(result, complete);
            FigureTable.json(figures, node);
            terminal.out().println(node);
        } else if (news != result || result.isComplete()) {
            CloseCommand.print(news, terminal.out());
        }
        terminal.out().flush();
        return complete ? 0 : Errors.FAILED;
    }

    private static CloseResult nothing(ClosePreview shown) {
        return new CloseResult(shown.month(), List.of(), shown.held(), shown.holds(), List.of(), List.of());
    }

    /** What was held when it was shown is held still: only what was ready was asked for. */
    private static CloseResult withHeld(CloseResult issued, ClosePreview shown) {
        List<CloseResult.Held> held = new ArrayList<>(issued.held());
        shown.held().stream().filter(one -> !held.contains(one)).forEach(held::add);
        return new CloseResult(
                issued.month(), issued.issued(), held, issued.holds(), issued.elsewhere(), issued.overridden());
    }
}
