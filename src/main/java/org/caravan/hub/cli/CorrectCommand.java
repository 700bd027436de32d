package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.hub.CorrectionDesk;
import org.caravan.invoice.rerate.Corrections;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan correct}: bills what an issued month costs more, or less, by today's rules. */
@Command(
        name = "correct",
        description = {
            "Re-rate the usage of an issued month by the rules of today and bill the difference, once per reason. What is"
                    + " issued stays as it is: the difference is on each tenant's next document, under the month that it"
                    + " corrects.",
            "",
            "The same reason again bills nothing more, and finishes what was broken off; another reason bills what differs"
                    + " since. Lines that were credited are left alone. Look first with --plan."
        })
final class CorrectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private PricingOptions pricing = new PricingOptions();

    @Parameters(paramLabel = "MONTH", description = "The month of use, such as 2026-10.")
    private String month;

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "Only this tenant; may be repeated. Left out: all to whom the month is issued.")
    private List<String> tenants = new ArrayList<>();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; billed once. May be left out with --plan.")
    private String reason;

    @Option(names = "--plan", description = "Show what would be billed, and bill nothing.")
    private boolean plan;

    CorrectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        YearMonth wanted = Arguments.month(month);
        if (reason == null && !plan) {
            throw new UserError("--reason TEXT is missing; to look first, use --plan");
        }
        Corrections.Wanted what =
                new Corrections.Wanted(wanted, tenants, reason, System.getProperty("user.name", "unknown"));
        Corrections.Result result;
        String currency;
        try (Progress progress = Progress.to(terminal);
                CorrectionDesk desk = CorrectionDesk.open(
                        pricing.into(options.builder(terminal)).build(), Clock.systemUTC())) {
            currency = desk.currency();
            Corrections corrections = desk.corrections();
            result = plan
                    ? corrections.plan(what, place -> progress.step("looking at usage from " + place + " on"))
                    : corrections.correct(what, place -> progress.step("re-rating usage from " + place + " on"));
        }
        if (options.json()) {
            terminal.out().println(json(wanted, result, currency));
        } else {
            print(wanted, result, currency, terminal.out());
        }
        terminal.out().flush();
        return 0;
    }

    private ObjectNode json(YearMonth wanted, Corrections.Result result, String currency) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("month", wanted.toString());
        node.put("reason", reason);
        node.put("plan", plan);
        node.put("currency", currency);
        ArrayNode lines = node.putArray("tenants");
        for (Corrections.Line line : result.lines()) {
            lines.addObject()
                    .put("tenant", line.tenant())
                    .put("records", line.records())
                    .put("changed", line.changed())
                    .put("old", Decimals.plain(line.before()))
                    .put("new", Decimals.plain(line.after()))
                    .put("difference", Decimals.plain(line.difference()))
                    .put("unratable", line.unratable())
                    .put("credited", line.credited())
                    .put("billedIn", line.billedIn().toString())
                    .put(
                            "billedAt",
                            line.billedAt() == null ? null : line.billedAt().toString());
        }
        ArrayNode open = node.putArray("open");
        result.open().forEach(open::add);
        return node;
    }

    private void print(YearMonth wanted, Corrections.Result result, String currency, PrintStream out) {
        TextTable table =
                new TextTable("TENANT", ">RECORDS", ">CHANGED", ">OLD", ">NEW", ">DIFFERENCE", "CURRENCY", "BILLED IN");
        BigDecimal before = BigDecimal.ZERO;
        BigDecimal after = BigDecimal.ZERO;
        int rows = 0;
        for (Corrections.Line line : result.lines()) {
            if (line.records() > 0) {
                table.row(
                        line.tenant(),
                        line.records(),
                        line.changed(),
                        Decimals.plain(line.before()),
                        Decimals.plain(line.after()),
                        Decimals.plain(line.difference()),
                        currency,
                        line.billedIn());
                before = before.add(line.before());
                after = after.add(line.after());
                rows++;
            }
        }
        if (rows > 1) {
            table.row(
                    "all",
                    result.lines().stream().mapToLong(Corrections.Line::records).sum(),
                    result.lines().stream().mapToLong(Corrections.Line::changed).sum(),
                    Decimals.plain(before),
                    Decimals.plain(after),
                    Decimals.plain(after.subtract(before)),
                    currency,
                    "");
        }
        if (rows > 0) {
            table.print(out);
        }
        notes(wanted, result, out);
        out.println(end(result, rows));
    }

    private static void notes(YearMonth wanted, Corrections.Result result, PrintStream out) {
        for (Corrections.Line line : result.lines()) {
            String name = Errors.oneLine(line.tenant());
            if (line.billedAt() != null) {
                out.println(
                        name + ": billed for this reason at " + line.billedAt() + "; nothing more is billed for it");
            }
            if (line.credited() > 0) {
                out.println(name + ": " + line.credited() + " records left as they are: their line was credited");
            }
            if (line.unratable() > 0) {
                out.println(
                        name + ": " + line.unratable() + " records left as they are: today's rules can't rate them");
            }
        }
        if (!result.open().isEmpty()) {
            out.println(wanted + " is not issued yet to " + Errors.oneLine(String.join(", ", result.open()))
                    + ": what is open is re-rated in place (POST /v2/task/reprocesses)");
        }
    }

    private String end(Corrections.Result result, int rows) {
        boolean differs = result.lines().stream().anyMatch(line -> line.billedAt() == null && line.changed() > 0);
        if (rows == 0) {
            return "No usage: there is nothing to correct.";
        }
        if (plan) {
            return "Nothing was billed.";
        }
        return differs
                ? "The difference is on each tenant's next document; its month is under BILLED IN."
                : "Nothing differs: nothing was billed.";
    }
}
