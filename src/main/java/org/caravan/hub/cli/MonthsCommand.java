package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.caravan.common.Decimals;
import org.caravan.hub.Closers;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.AccountFigures;
import org.caravan.invoice.AccountNames;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.Closer;
import org.caravan.invoice.MonthOverview;
import org.caravan.invoice.hold.Hold;
import org.caravan.ledger.LedgerSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan months}: how far each month is, and what keeps it open. */
@Command(
        name = "months",
        description = {
            "Show the months of a ledger: state, tenants, usage, late usage, invoices, and what holds each with its remedy.",
            "With a MONTH also every account's total beside the month before. Changes nothing."
        })
final class MonthsCommand implements Callable<Integer> {
    /** Lines of holds per month for people; --json has all. */
    private static final int SHOWN_HOLDS = 10;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "MONTH", arity = "0..1", description = "Only this month, account by account.")
    private String month;

    MonthsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        YearMonth only = month == null ? null : Arguments.month(month);
        HubConfig config = options.config(terminal);
        Clock clock = Clock.systemUTC();
        try (OpenLedger ledger = options.open(terminal)) {
            Closer closer = Closers.of(config, ledger.dataSource(), clock);
            String currency = LedgerSchema.find(ledger.dataSource()).currency();
            List<MonthOverview.Month> months = MonthOverview.read(ledger.dataSource(), closer, only, clock);
            List<AccountFigures.Figure> figures = only == null || months.isEmpty()
                    ? List.of()
                    : AccountFigures.of(ledger.dataSource(), only, closer.totals(only), held(months.get(0), closer));
            if (options.json()) {
                terminal.out().println(json(months, figures, only != null, currency));
            } else {
                print(months, currency, terminal.out());
                if (!figures.isEmpty()) {
                    terminal.out().println();
                    FigureTable.print(figures, terminal.out());
                }
            }
            terminal.out().flush();
            return 0;
        }
    }

    /** The accounts that something holds. */
    private static Set<String> held(MonthOverview.Month month, Closer closer) throws Exception {
        Set<String> held = new HashSet<>();
        boolean all = month.holds().stream().anyMatch(hold -> hold.tenant() == null);
        if (all) {
            Map<String, CloseOrder.Total> open = closer.totals(month.month());
            held.addAll(open.keySet());
        }
        for (Hold hold : month.holds()) {
            if (hold.tenant() != null && hold.tenant().id() != 0) {
                held.add(AccountNames.of(closer.profiles(month.month()), hold.tenant()));
            }
        }
        return held;
    }

    private static void print(List<MonthOverview.Month> months, String currency, PrintStream out) {
        if (months.isEmpty()) {
            out.println("no usage");
            return;
        }
        MonthTable table = new MonthTable(
                "MONTH",
                "STATE",
                "OPEN",
                "CLOSING",
                "CLOSED",
                "RECORDS",
                "AMOUNT " + currency,
                "LATE",
                "UNPRICED",
                "INVOICES",
                "TOTAL");
        for (MonthOverview.Month month : months) {
            table.row(
                    month.month().toString(),
                    month.state(),
                    Long.toString(month.open()),
                    Long.toString(month.closing()),
                    Long.toString(month.closed()),
                    Long.toString(month.records()),
                    MonthTable.money(month.amount(), currency),
                    MonthTable.money(month.lateAmount(), currency),
                    Long.toString(month.unpriced()),
                    Long.toString(month.documents().values().stream()
                            .mapToLong(Long::longValue)
                            .sum()),
                    totals(month.totals()));
            month.holds().stream().limit(SHOWN_HOLDS).forEach(hold -> table.note(hold.text()));
            if (month.holds().size() > SHOWN_HOLDS) {
                table.note("... and " + (month.holds().size() - SHOWN_HOLDS) + " more; --json lists them");
            }
        }
        table.print(out);
    }

    private static String totals(Map<String, BigDecimal> totals) {
        return totals.isEmpty()
                ? "-"
                : totals.entrySet().stream()
                        .map(total -> total.getValue().toPlainString() + " " + total.getKey())
                        .collect(Collectors.joining(" + "));
    }

    private static ObjectNode json(
            List<MonthOverview.Month> months,
            List<AccountFigures.Figure> figures,
            boolean withAccounts,
            String currency) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("currency", currency);
        ArrayNode list = root.putArray("months");
        for (MonthOverview.Month month : months) {
            ObjectNode node = list.addObject();
            node.put("month", month.month().toString());
            node.put("state", month.state());
            node.putObject("tenants")
                    .put("open", month.open())
                    .put("closing", month.closing())
                    .put("closed", month.closed())
                    .put("unbilled", month.unbilled());
            node.put("records", month.records());
            node.put("amount", Decimals.plain(month.amount()));
            node.putObject("late")
                    .put("records", month.lateRecords())
                    .put("amount", Decimals.plain(month.lateAmount()));
            node.put("unpriced", month.unpriced());
            ArrayNode invoices = node.putArray("invoices");
            month.documents().forEach((of, count) -> invoices.addObject()
                    .put("currency", of)
                    .put("count", count)
                    .put("total", month.totals().get(of).toPlainString()));
            CloseCommand.holds(node.putArray("holds"), month.holds());
        }
        if (withAccounts) {
            FigureTable.json(figures, root);
        }
        return root;
    }
}
