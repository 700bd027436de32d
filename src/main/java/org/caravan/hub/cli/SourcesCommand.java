package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Overview;
import org.caravan.hub.management.Secrets;
import org.caravan.ledger.LedgerStatus;
import org.caravan.ledger.Sources;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan sources}: where usage comes from, and how far each source is complete. */
@Command(
        name = "sources",
        description = {
            "List the sources of usage and how far each is rated: the moment before which its usage is in the ledger."
                    + " A month is closed by itself once every configured source is rated beyond its end.",
            "",
            "sources check tries them. sources done NAME MONTH declares a month complete, sources forget NAME lets a source hold no month any more,"
                    + " sources go-on NAME PARTITION lets a partition of a topic be read on that stands still."
        },
        synopsisSubcommandLabel = "[list | check [NAME] | done NAME MONTH | forget NAME | go-on NAME PARTITION]")
final class SourcesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    private SourcesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine commandLine(Terminal terminal) {
        CommandLine command = new CommandLine(new SourcesCommand(terminal))
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new DoneCommand(terminal))
                .addSubcommand(new ForgetCommand(terminal))
                .addSubcommand(new SourcesCheckCommand(terminal))
                .addSubcommand(new SourcesGoOnCommand(terminal));
        command.getSubcommands().values().forEach(sub -> sub.setOverwrittenOptionsAllowed(false));
        return command;
    }

    @Override
    public Integer call() throws Exception {
        return list(terminal, options);
    }

    private static int list(Terminal terminal, LedgerOptions options) throws SQLException {
        HubConfig config = options.config(terminal);
        Instant now = Clock.systemUTC().instant();
        List<LedgerStatus.Source> sources;
        try (OpenLedger ledger = OpenLedger.open(config)) {
            sources = Overview.sources(ledger.dataSource(), new Secrets(config.secrets())::mask);
        }
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            ArrayNode array = node.putArray("sources");
            sources.forEach(source -> array.add(json(source)));
            terminal.out().println(node);
        } else if (sources.isEmpty()) {
            terminal.out().println("No source has brought anything yet, and none is configured.");
        } else {
            table(sources, now).forEach(terminal.out()::println);
            sources.stream().filter(source -> source.lastError() != null).forEach(source -> terminal.out()
                    .println(source.name() + " failed " + StatusTable.ago(source.lastErrorAt(), now) + ": "
                            + Errors.oneLine(source.lastError())));
            sources.forEach(source -> PartitionTable.lines(source, now).forEach(terminal.out()::println));
        }
        terminal.out().flush();
        return 0;
    }

    static List<String> table(List<LedgerStatus.Source> sources, Instant now) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "SOURCE", "KIND", "RATED UNTIL", "BY", "POSITIONS", "UNFINISHED", "LAG", "LAST MOVED", "STATE"
        });
        for (LedgerStatus.Source source : sources) {
            rows.add(new String[] {
                Errors.oneLine(source.name()),
                source.kind() == null ? "-" : source.kind(),
                source.ratedUntil() == null
                        ? "never said"
                        : source.ratedUntil().truncatedTo(ChronoUnit.SECONDS).toString(),
                source.ratedUntil() == null ? "-" : source.declared() ? "hand" : "itself",
                Long.toString(source.positions()),
                Long.toString(source.unfinished()),
                source.partitions().isEmpty() ? "-" : Long.toString(source.lag()),
                StatusTable.ago(source.lastMoved(), now),
                state(source)
            });
        }
        return Columns.lines(rows);
    }

    private static String state(LedgerStatus.Source source) {
        if (!source.configured()) {
            return "not configured";
        }
        boolean stopped = source.partitions().stream().anyMatch(partition -> partition.stopped() != null);
        return stopped ? "stands still" : source.lastError() != null ? "failing" : "ok";
    }

    static ObjectNode json(LedgerStatus.Source source) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("source", source.name())
                .put("kind", source.kind())
                .put("configured", source.configured())
                .put("ratedUntil", text(source.ratedUntil()))
                .put("declared", source.declared())
                .put("lastError", source.lastError())
                .put("lastErrorAt", text(source.lastErrorAt()))
                .put("positions", source.positions())
                .put("unfinished", source.unfinished())
                .put("lastMoved", text(source.lastMoved()));
        ArrayNode newest = node.putArray("newest");
        for (LedgerStatus.Position position : source.newest()) {
            newest.addObject()
                    .put("key", position.key())
                    .put("value", position.value())
                    .put("done", position.done())
                    .put("updated", text(position.updated()));
        }
        if (!source.partitions().isEmpty()) {
            node.put("lag", source.lag());
            PartitionTable.json(source, node.putArray("partitions"));
        }
        return node;
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    static Sources.Source find(Sources sources, String name) throws SQLException {
        List<Sources.Source> all = sources.list();
        return all.stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserError("source '" + name
                        + "': no hub was ever configured with it, so it holds no month"
                        + Nearest.hint(
                                name, all.stream().map(Sources.Source::name).toList())
                        + "; caravan sources lists those that are known"));
    }

    @Command(name = "list", description = "List the sources; what sources does by itself.")
    private static final class ListCommand implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private LedgerOptions options = new LedgerOptions();

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws Exception {
            return list(terminal, options);
        }
    }

    @Command(
            name = "done",
            description = {
                "Declare that a source's usage of a month, and of all months before it, is in the ledger.",
                "",
                "The month may then be closed. Usage that comes later is billed as an adjustment of a later month."
            })
    private static final class DoneCommand implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private LedgerOptions options = new LedgerOptions();

        @Parameters(index = "0", paramLabel = "NAME", description = "The source.")
        private String name;

        @Parameters(index = "1", paramLabel = "MONTH", description = "The month, such as 2026-10.")
        private String month;

        DoneCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws Exception {
            Clock clock = Clock.systemUTC();
            YearMonth complete = Arguments.month(month);
            Instant end =
                    complete.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            if (end.isAfter(clock.instant())) {
                throw new UserError("month " + complete + " ends " + end
                        + "; its usage can't be complete yet: declare it once it is over");
            }
            try (OpenLedger ledger = options.open(terminal)) {
                Sources sources = new Sources(ledger.dataSource(), clock);
                find(sources, name);
                sources.ratedUntil(name, end, true);
                Sources.Source now = find(sources, name);
                if (options.json()) {
                    terminal.out()
                            .println(JsonNodeFactory.instance
                                    .objectNode()
                                    .put("source", name)
                                    .put("ratedUntil", text(now.ratedUntil()))
                                    .put("declared", now.declared()));
                } else {
                    terminal.out().println("source " + name + " is rated until " + now.ratedUntil());
                }
            }
            terminal.out().flush();
            return 0;
        }
    }

    @Command(
            name = "forget",
            description = {
                "Let a source hold no month any more: nothing reads it now.",
                "",
                "What it brought stays billed. A hub that is configured with it makes it known again when it starts."
            })
    private static final class ForgetCommand implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private LedgerOptions options = new LedgerOptions();

        @Parameters(index = "0", paramLabel = "NAME", description = "The source.")
        private String name;

        ForgetCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws Exception {
            try (OpenLedger ledger = options.open(terminal)) {
                Sources sources = new Sources(ledger.dataSource(), Clock.systemUTC());
                find(sources, name);
                sources.forget(name);
                if (options.json()) {
                    terminal.out()
                            .println(JsonNodeFactory.instance
                                    .objectNode()
                                    .put("source", name)
                                    .put("configured", false));
                } else {
                    terminal.out().println("source " + name + " holds no month any more");
                }
            }
            terminal.out().flush();
            return 0;
        }
    }
}
