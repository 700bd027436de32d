package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.ledger.Sources;
import org.caravan.ledger.TopicDecisions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan sources go-on}: lets partitions be read on that stand still. */
@Command(
        name = "go-on",
        description = {
            "Let a partition of a topic be read on that stands still, from an offset of your choice.",
            "",
            "A partition stands still when its log does not hold what the ledger wants next: retention removed usage that was"
                    + " not read, or the topic was deleted and made again. What lies between the ledger's position and the"
                    + " offset is given up; what was read before is known by its identity and billed once. The decision is"
                    + " kept with its reason. A running hub goes on within caravan.kafka.look."
        })
final class SourcesGoOnCommand implements Callable<Integer> {
    private static final String ALL = "all";
    private static final String START = "start";

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The source.")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PARTITION",
            description = "The partition's number, or all that stand still: all.")
    private String partition;

    @Option(
            names = "--from",
            paramLabel = "OFFSET",
            required = true,
            description = "The offset to read on from, or the first one that the log holds: start.")
    private String from;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for whoever looks later.")
    private String reason;

    SourcesGoOnCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (reason.isBlank()) {
            throw new UserError("--reason is empty: say why, for whoever looks later");
        }
        HubConfig config = options.config(terminal);
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("source", name);
        ArrayNode decided = node.putArray("partitions");
        List<String> lines = new ArrayList<>();
        try (OpenLedger ledger = OpenLedger.open(config)) {
            SourcesCommand.find(new Sources(ledger.dataSource(), Clock.systemUTC()), name);
            TopicDecisions decisions =
                    new TopicDecisions(ledger.dataSource(), config.get(Settings.LOCK_WAIT), Clock.systemUTC());
            for (TopicDecisions.Stopped stopped : chosen(decisions.stopped(name))) {
                long offset = from.equals(START) ? stopped.start() : number("--from", from);
                decisions.goOn(name, stopped.partition(), offset, reason, DeliveryOrderRun.who());
                decided.addObject()
                        .put("partition", stopped.partition())
                        .put("from", stopped.position())
                        .put("to", offset);
                lines.add("source " + name + ": partition " + stopped.partition() + " goes on from offset " + offset
                        + "; the ledger stood at " + stopped.position());
            }
        }
        if (options.json()) {
            terminal.out().println(node);
        } else {
            lines.forEach(terminal.out()::println);
        }
        terminal.out().flush();
        return 0;
    }

    private List<TopicDecisions.Stopped> chosen(List<TopicDecisions.Stopped> stopped) {
        if (stopped.isEmpty()) {
            throw new UserError(
                    "source " + name + ": no partition stands still; caravan sources shows how each is read");
        }
        if (partition.equals(ALL)) {
            return stopped;
        }
        long wanted = number("PARTITION", partition);
        List<TopicDecisions.Stopped> one =
                stopped.stream().filter(s -> s.partition() == wanted).toList();
        if (one.isEmpty()) {
            throw new UserError("source " + name + ": partition " + wanted + " does not stand still; these do: "
                    + String.join(
                            ", ",
                            stopped.stream()
                                    .map(s -> Integer.toString(s.partition()))
                                    .toList()));
        }
        return one;
    }

    private static long number(String what, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UserError(
                    what + " " + text + ": expected a number or "
                            + (what.equals("--from") ? "'" + START + "'" : "'" + ALL + "'"),
                    e);
        }
    }
}
