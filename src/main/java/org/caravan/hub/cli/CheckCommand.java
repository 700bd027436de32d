package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.HubCheck;
import org.caravan.hub.check.CheckFinding;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.check.CheckReport;
import org.caravan.hub.check.security.SecurityCheck;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Secrets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan check}: would a hub run with what is configured, and is it safe? */
@Command(
        name = "check",
        description = {
            "Look at everything that a hub would use: settings, files, routes, connectors, ports, the database, Keystone, sources"
                    + " and the targets of connectors. Whatever is wrong is listed, each in a line with its place and remedy. Changes"
                    + " nothing: no document is sent, no usage taken in. May be run before the first start, and beside a hub that"
                    + " runs.",
            "",
            "Exit code 0: all is well; 1: something can't be reached or needs a person; 2: something is wrong that the hub"
                    + " would refuse."
        })
final class CheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Option(
            names = "--security",
            description =
                    "Look at advisories of what is shipped, at who can reach the hub, and at who can read its secrets.")
    private boolean security;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Longest wait for each that is asked; 10 unless said.")
    private int timeoutSeconds = 10;

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (timeoutSeconds < 1 || timeoutSeconds > 600) {
            throw new UserError("--timeout " + timeoutSeconds + ": must be from 1 to 600 seconds");
        }
        List<UserError> wrong = new ArrayList<>();
        HubConfig config = options.collecting(terminal, wrong::add);
        CheckReport report = new CheckReport(new Secrets(config.secrets())::mask);
        if (security) {
            new SecurityCheck(config, report, Clock.systemUTC()).look(wrong);
        } else {
            try (Progress progress = Progress.to(terminal)) {
                progress.step("looking");
                new HubCheck(config, report, Duration.ofSeconds(timeoutSeconds), Clock.systemUTC()).look(wrong);
            }
        }
        if (options.json()) {
            terminal.out().println(json(report));
        } else {
            print(report);
        }
        terminal.out().flush();
        return switch (report.worst()) {
            case GOOD, WARNING -> 0;
            case FAILED -> Errors.FAILED;
            case WRONG -> Errors.WRONG_INPUT;
        };
    }

    private void print(CheckReport report) {
        TextTable table = new TextTable("", "AREA", "THING", "FOUND");
        for (CheckFinding finding : report.findings()) {
            table.row(
                    mark(finding.level()),
                    finding.area(),
                    finding.thing(),
                    finding.text() + (finding.remedy() == null ? "" : " -> " + finding.remedy()));
        }
        table.print(terminal.out());
        terminal.out().println();
        terminal.out()
                .println(count(report, Level.WRONG) + " wrong, " + count(report, Level.FAILED) + " failed, "
                        + count(report, Level.WARNING) + " to look at, " + count(report, Level.GOOD) + " good");
    }

    private static String mark(Level level) {
        return switch (level) {
            case GOOD -> "ok";
            case WARNING -> "!";
            case FAILED, WRONG -> "X";
        };
    }

    private static long count(CheckReport report, Level level) {
        return report.findings().stream()
                .filter(finding -> finding.level() == level)
                .count();
    }

    private static ObjectNode json(CheckReport report) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("well", report.worst().compareTo(Level.FAILED) < 0);
        for (Level level : Level.values()) {
            node.put(level.name().toLowerCase(Locale.ROOT), count(report, level));
        }
        ArrayNode findings = node.putArray("findings");
        for (CheckFinding finding : report.findings()) {
            findings.addObject()
                    .put("level", finding.level().name().toLowerCase(Locale.ROOT))
                    .put("area", finding.area())
                    .put("thing", finding.thing())
                    .put("text", finding.text())
                    .put("remedy", finding.remedy());
        }
        return node;
    }
}
