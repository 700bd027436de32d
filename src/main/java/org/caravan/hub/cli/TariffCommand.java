package org.caravan.hub.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan tariff}: the rules that a ledger keeps. */
@Command(
        name = "tariff",
        description = "The rules of a ledger: load them from a file, write them to one, look at them, compare them.",
        synopsisSubcommandLabel = "COMMAND")
final class TariffCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    private TariffCommand() {}

    static CommandLine of(Terminal terminal) {
        CommandLine line = new CommandLine(new TariffCommand())
                .addSubcommand(new TariffImportCommand(terminal))
                .addSubcommand(new TariffExportCommand(terminal))
                .addSubcommand(new TariffShowCommand(terminal))
                .addSubcommand(new TariffDiffCommand(terminal));
        line.getSubcommands().values().forEach(command -> command.setOverwrittenOptionsAllowed(false));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which tariff command? " + String.join(", ", spec.subcommands().keySet()));
    }
}
