package org.caravan.hub.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Commands;
import org.caravan.hub.management.Secrets;

/** Commands that a running hub carries out itself, with its own configuration and connections. */
public final class StandingCommands implements Commands {
    private static final int MAX_ANSWER = 1_000_000;
    private static final String PREFIX = "caravan: ";

    /** What makes sense in a hub that runs; nothing that starts, ends or replaces one. */
    private static final List<String> KNOWN = List.of(
            "approve",
            "audit",
            "close",
            "connector",
            "correct",
            "deliveries",
            "invoices",
            "months",
            "quarantine",
            "sources",
            "status",
            "tariff");

    private final HubConfig config;
    private final Secrets secrets;

    /** @param ledger the hub's */
    public StandingCommands(HubConfig config, DataSource ledger) {
        this.config = config.within(ledger);
        this.secrets = new Secrets(config.secrets());
    }

    @Override
    public String run(String... line) {
        if (line.length == 0 || !KNOWN.contains(line[0])) {
            throw new IllegalArgumentException(
                    "no such command within a hub; there are " + String.join(", ", KNOWN) + "; see docs/jmx.md");
        }
        if (Arrays.stream(line).anyMatch(word -> word == null)) {
            throw new IllegalArgumentException("an argument is missing; see the operation's description");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CaravanCommand.run(Terminal.within(config, stream(out), stream(err)), line);
        String answer = text(out);
        String said = text(err);
        if (code == Errors.WRONG_INPUT || code == Errors.FAILED && answer.isBlank()) {
            throw new IllegalArgumentException(reason(said.isBlank() ? answer : said));
        }
        return bounded(said.isBlank() ? answer : answer + said);
    }

    /** The last line: what was said before it are warnings. */
    private static String reason(String said) {
        List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
        String last = lines.isEmpty() ? "it failed" : lines.get(lines.size() - 1);
        return last.startsWith(PREFIX) ? last.substring(PREFIX.length()) : last;
    }

    private static String bounded(String answer) {
        return answer.length() <= MAX_ANSWER ? answer : answer.substring(0, MAX_ANSWER) + "\n... and more";
    }

    private String text(ByteArrayOutputStream bytes) {
        return secrets.mask(bytes.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
