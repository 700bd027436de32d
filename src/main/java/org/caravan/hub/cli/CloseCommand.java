package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.hub.Closers;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.AccountNames;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.CloseResult;
import org.caravan.invoice.Closer;
import org.caravan.invoice.IssuedDocument;
import org.caravan.invoice.Leases;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.hold.Hold;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan close}: closes a month now. */
@Command(
        name = "close",
        description = {
            "Close a month now for every account that nothing holds, and issue its invoices. caravan months says what holds"
                    + " one. A running hub does the same by itself.",
            "",
            "Exit code 1 if something stays open that is to be billed."
        })
final class CloseCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "MONTH", description = "The month to close, such as 2026-10.")
    private String month;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's account; may be repeated.")
    private List<String> tenants = new ArrayList<>();

    @Option(
            names = "--force",
            description =
                    "Close also what is held by something that may be overridden, as sources, the grace and quarantine; what has no price yet is never closed.")
    private boolean force;

    CloseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        YearMonth wanted = Arguments.month(month);
        HubConfig config = options.config(terminal);
        try (OpenLedger ledger = options.open(terminal)) {
            Closer closer = Closers.of(config, ledger.dataSource(), Clock.systemUTC());
            if (closer.policy().approval()) {
                throw new UserError("caravan.close.approval is manual: " + wanted
                        + " is issued by a person who has seen it; use caravan approve " + wanted);
            }
            closer.requireOver(wanted);
            if (ledger.isOursAlone()) {
                Leases.lapseAll(ledger.dataSource());
            }
            Set<String> accounts =
                    tenants.isEmpty() ? null : AccountNames.of(ledger.dataSource(), closer.profiles(wanted), tenants);
            CloseOrder order = CloseOrder.of(wanted).only(accounts);
            CloseResult result = closer.close(force ? order.forced() : order, document -> {});
            boolean complete = isComplete(result, closer);
            if (options.json()) {
                terminal.out().println(json(result, complete));
            } else {
                print(result, terminal.out());
            }
            terminal.out().flush();
            return complete ? 0 : Errors.FAILED;
        }
    }

    /** True if all is closed that is to be billed. */
    static boolean isComplete(CloseResult result, Closer closer) throws SQLException {
        AccountProfiles profiles = closer.profiles(result.month());
        return result.holds().isEmpty()
                && result.elsewhere().isEmpty()
                && result.held().stream()
                        .noneMatch(held -> profiles.profile(held.account()).bill());
    }

    static void print(CloseResult result, PrintStream out) {
        MonthTable table = new MonthTable("ACCOUNT", "NUMBER", "LINES", "TOTAL", "CURRENCY");
        for (IssuedDocument document : result.issued()) {
            table.row(
                    Errors.oneLine(document.account()),
                    document.number(),
                    Integer.toString(document.lines()),
                    document.total().toPlainString(),
                    document.currency());
        }
        if (!table.isEmpty()) {
            table.print(out);
        }
        result.holds().forEach(hold -> out.println("held for all: " + Errors.oneLine(hold.text())));
        result.held()
                .forEach(held ->
                        out.println("held: " + Errors.oneLine(held.account()) + ": " + Errors.oneLine(held.reason())));
        result.elsewhere()
                .forEach(account -> out.println("held: " + Errors.oneLine(account)
                        + ": another hub is closing it just now; look again: caravan months " + result.month()));
        result.overridden().forEach(hold -> out.println("overridden: " + Errors.oneLine(hold.reason())));
        if (!result.issued().isEmpty()) {
            out.println(result.month() + ": " + result.issued().size()
                    + " issued; a running hub delivers them (caravan run)");
        } else if (result.isComplete()) {
            out.println(result.month() + ": nothing is open");
        }
    }

    static ObjectNode json(CloseResult result, boolean complete) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("month", result.month().toString());
        root.put("complete", complete);
        ArrayNode issued = root.putArray("issued");
        for (IssuedDocument document : result.issued()) {
            issued.addObject()
                    .put("account", document.account())
                    .put("key", document.key())
                    .put("number", document.number())
                    .put("total", document.total().toPlainString())
                    .put("exact", Decimals.plain(document.exact()))
                    .put("currency", document.currency())
                    .put("lines", document.lines());
        }
        ArrayNode held = root.putArray("held");
        result.held()
                .forEach(one -> held.addObject().put("account", one.account()).put("reason", one.reason()));
        result.elsewhere()
                .forEach(account ->
                        held.addObject().put("account", account).put("reason", "another hub is closing it just now"));
        holds(root.putArray("holds"), result.holds());
        holds(root.putArray("overridden"), result.overridden());
        return root;
    }

    static void holds(ArrayNode list, List<Hold> holds) {
        for (Hold hold : holds) {
            list.addObject()
                    .put("kind", hold.kind())
                    .put("tenant", hold.tenant() == null ? null : hold.tenant().name())
                    .put("forcible", hold.forcible())
                    .put("reason", hold.reason())
                    .put("remedy", hold.remedy());
        }
    }
}
