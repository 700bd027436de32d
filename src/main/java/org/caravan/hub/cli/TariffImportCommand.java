package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.rating.TariffFile;
import org.caravan.rating.store.ImportPlan;
import org.caravan.rating.store.RuleChange;
import org.caravan.rating.store.RuleStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan tariff import}: makes a ledger's rules what a file says. */
@Command(
        name = "import",
        description = {
            "Make the rules of a ledger what a tariff file says, from now on or from another moment on, by the smallest"
                    + " change. Usage that began earlier is priced as before; what is rated already keeps its price.",
            "",
            "The same file again changes nothing. Running hubs rate their next batch by the new rules."
        })
final class TariffImportCommand implements Callable<Integer> {
    private static final int SHOWN_CHANGES = 100;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "FILE", description = "The tariff file (YAML or JSON).")
    private Path file;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "From when on, such as 2026-12-01 or 2026-12-01T06:00:00 (UTC); now unless said.")
    private String from;

    @Option(
            names = {"--plan", "--dry-run"},
            description = "Print what would change, and change nothing.")
    private boolean plan;

    TariffImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Instant moment = TariffLedger.time("--from", from);
        TariffFile.Result read = TariffFile.read(terminal.resolve(file));
        RuleStore.Result result;
        try (OpenLedger ledger = options.open(terminal)) {
            String currency = TariffLedger.currency(ledger);
            if (!currency.equals(read.currency())) {
                throw new UserError("tariff " + file + " is in " + read.currency() + ", but this ledger rates in "
                        + currency + "; nothing was changed");
            }
            RuleStore store = TariffLedger.store(ledger, Clock.systemUTC());
            RuleStore.Import wanted =
                    new RuleStore.Import(read.ruleSet(), read.currency(), moment, System.getProperty("user.name"));
            result = plan ? store.plan(wanted) : store.importRules(wanted);
        }
        List<String> warnings = new ArrayList<>(read.warnings());
        warnings.addAll(result.plan().warnings());
        if (options.json()) {
            terminal.out().println(json(result, warnings));
        } else {
            print(result, terminal.out());
            warnings.forEach(warning -> terminal.err().println("caravan: warning: " + Errors.oneLine(warning)));
        }
        terminal.out().flush();
        return 0;
    }

    private void print(RuleStore.Result result, PrintStream out) {
        ImportPlan changed = result.plan();
        List<String[]> rows = new ArrayList<>();
        changed.changes().stream()
                .limit(SHOWN_CHANGES)
                .forEach(change -> rows.add(new String[] {
                    word(change.kind()),
                    (change.what().isRule() ? "" : word(change.what()) + " ") + Errors.oneLine(change.rule()),
                    when(change)
                }));
        if (!rows.isEmpty()) {
            Columns.lines(rows).forEach(out::println);
        }
        if (changed.changes().size() > SHOWN_CHANGES) {
            out.printf(
                    "... and %,d more; --json lists them%n", changed.changes().size() - SHOWN_CHANGES);
        }
        List<String> counts = new ArrayList<>();
        for (RuleChange.Kind kind : RuleChange.Kind.values()) {
            long count = changed.count(kind);
            if (count > 0) {
                counts.add(String.format(Locale.ROOT, "%,d %s", count, word(kind)));
            }
        }
        if (changed.names() > 0) {
            counts.add(String.format(Locale.ROOT, "%,d names of services, fields and groups", changed.names()));
        }
        counts.add(String.format(Locale.ROOT, "%,d unchanged", changed.unchanged()));
        String from = changed.from() == null ? "" : " From " + changed.from() + " on.";
        if (plan) {
            out.println("Plan: " + String.join(", ", counts) + "." + from + " Nothing was changed.");
        } else {
            out.println("Rules: " + String.join(", ", counts) + "." + from + " They are at version " + result.version()
                    + ".");
        }
    }

    private static String when(RuleChange change) {
        if (change.what() == RuleChange.What.FIELD && change.kind() == RuleChange.Kind.CHANGED) {
            return "looked at in the file's order";
        }
        if (change.what() == RuleChange.What.THRESHOLD && change.before() != null) {
            return "was " + change.before();
        }
        if (change.what() != RuleChange.What.MAPPING) {
            return "";
        }
        String since = change.start() == null ? "" : "from " + change.start();
        String until = change.end() == null ? "" : "until " + change.end();
        return switch (change.kind()) {
            case ADDED, WITHDRAWN -> (since + " " + until).strip();
            case ENDED, CHANGED, REMOVED ->
                (until.isEmpty() ? "open" : until) + ", was "
                        + (change.before().equals("open") ? "open" : "until " + change.before());
        };
    }

    private ObjectNode json(RuleStore.Result result, List<String> warnings) {
        ImportPlan changed = result.plan();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("plan", plan);
        node.put("version", result.version());
        node.put("from", text(changed.from()));
        node.put("unchanged", changed.unchanged());
        ArrayNode list = node.putArray("changes");
        for (RuleChange change : changed.changes()) {
            ObjectNode one = list.addObject();
            one.put("change", word(change.kind()));
            one.put("what", word(change.what()));
            one.put("rule", change.rule());
            if (change.what() == RuleChange.What.MAPPING) {
                one.put("start", text(change.start()));
                one.put("end", text(change.end()));
            }
            if (change.before() != null) {
                one.put("before", change.before());
            }
        }
        ArrayNode told = node.putArray("warnings");
        warnings.forEach(told::add);
        return node;
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
