package org.caravan.hub.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan connector}: where invoices go. */
@Command(name = "connector", description = "Where invoices go.", synopsisSubcommandLabel = "COMMAND")
final class ConnectorCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    /** With its own commands below it. */
    static CommandLine with(Terminal terminal) {
        return new CommandLine(new ConnectorCommand())
                .addSubcommand(new ConnectorListCommand(terminal))
                .addSubcommand(new ConnectorApplyCommand(terminal))
                .addSubcommand(new ConnectorTestCommand(terminal))
                .addSubcommand(new ConnectorNewCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which command? " + String.join(", ", spec.subcommands().keySet()));
    }
}
