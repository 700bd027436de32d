package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.SourceChecks;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Secrets;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan sources check}: tries the configured sources. */
@Command(
        name = "check",
        description = {
            "Try the configured sources, or one: whether it can be reached and read, how much it holds, what is newest. Takes"
                    + " nothing in and changes nothing.",
            "",
            "Exit code 0 if usage can come from all of them, 1 if not."
        })
final class SourcesCheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The source; all of them unless said.")
    private String name;

    SourcesCheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** A source and what its try found. */
    private record Tried(SourceCheck source, List<SourceFinding> findings) {
        boolean isBad() {
            return findings.stream().anyMatch(finding -> finding.level() == SourceFinding.Level.BAD);
        }
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = options.config(terminal);
        List<Tried> tried = new ArrayList<>();
        if (OpenLedger.isThere(config)) {
            try (OpenLedger ledger = OpenLedger.open(config);
                    SourceChecks checks = SourceChecks.of(config, ledger.dataSource(), Clock.systemUTC())) {
                chosen(checks.all()).forEach(source -> tried.add(new Tried(source, source.check())));
            }
        } else {
            try (SourceChecks checks = SourceChecks.of(config, null, Clock.systemUTC())) {
                chosen(checks.all()).forEach(source -> tried.add(new Tried(source, source.check())));
            }
        }
        print(tried, new Secrets(config.secrets()));
        return tried.stream().anyMatch(Tried::isBad) ? 1 : 0;
    }

    private List<SourceCheck> chosen(List<SourceCheck> all) {
        if (name == null) {
            return all;
        }
        List<SourceCheck> one =
                all.stream().filter(source -> source.name().equals(name)).toList();
        if (one.isEmpty()) {
            List<String> names = all.stream().map(SourceCheck::name).toList();
            throw new UserError("source '" + name + "' is not configured" + Nearest.hint(name, names) + "; configured "
                    + (names.isEmpty() ? "is none" : "are " + String.join(", ", names)));
        }
        return one;
    }

    private void print(List<Tried> tried, Secrets secrets) {
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            ArrayNode sources = node.putArray("sources");
            tried.forEach(one -> json(one, sources.addObject(), secrets));
            terminal.out().println(node);
        } else if (tried.isEmpty()) {
            terminal.out()
                    .println("No source is configured: set caravan.inbox, caravan.kafka.brokers or caravan.sql.url, or"
                            + " make a key with caravan key create --source NAME.");
        } else {
            tried.forEach(one -> text(one, secrets));
        }
        terminal.out().flush();
    }

    private void text(Tried one, Secrets secrets) {
        terminal.out()
                .println(Errors.oneLine(one.source().name()) + " ("
                        + one.source().kind() + "): " + (one.isBad() ? "usage does not come in" : "ok"));
        for (SourceFinding finding : one.findings()) {
            String mark =
                    switch (finding.level()) {
                        case GOOD -> "  ";
                        case WARNING -> "! ";
                        case BAD -> "X ";
                    };
            terminal.out().println("  " + mark + finding.what() + ": " + Errors.oneLine(secrets.mask(finding.text())));
            if (finding.remedy() != null) {
                terminal.out().println("      -> " + Errors.oneLine(finding.remedy()));
            }
        }
    }

    private static void json(Tried one, ObjectNode node, Secrets secrets) {
        node.put("source", one.source().name()).put("kind", one.source().kind()).put("ok", !one.isBad());
        ArrayNode findings = node.putArray("findings");
        for (SourceFinding finding : one.findings()) {
            findings.addObject()
                    .put("level", finding.level().name().toLowerCase(Locale.ROOT))
                    .put("what", finding.what())
                    .put("text", secrets.mask(finding.text()))
                    .put("remedy", finding.remedy());
        }
    }
}
