package org.caravan.hub.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a setting; may be repeated. docs/settings.md lists them.")
    private List<String> assignments = new ArrayList<>();

    @Option(names = "--verbose", description = "Say more on standard error: settings, Camel's log, stack traces.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    boolean verbose() {
        return verbose;
    }

    /** As {@link #config}, for commands on the ledger that is kept: {@code data/} of the hub's home unless said. */
    HubConfig.Builder standing(Terminal terminal, Path data) {
        return config(terminal).option("--data", Settings.DATA, data).otherwise(Settings.DATA, "data");
    }

    /** As {@link #standing}, to its end: what is wrong is told, and left out. */
    HubConfig.Builder collecting(Terminal terminal, Path data, Consumer<UserError> wrong) {
        return said(new HubConfig.Builder(terminal.home(), terminal.current()).collecting(wrong), terminal)
                .option("--data", Settings.DATA, data)
                .otherwise(Settings.DATA, "data");
    }

    /** What is said outside the command's own options, which the caller adds. */
    HubConfig.Builder config(Terminal terminal) {
        if (terminal.within() != null) {
            return HubConfig.Builder.of(terminal.within()).set(assignments);
        }
        return said(new HubConfig.Builder(terminal.home(), terminal.current()), terminal);
    }

    private HubConfig.Builder said(HubConfig.Builder builder, Terminal terminal) {
        return builder.file().environment(terminal.environment()).set(assignments);
    }
}
