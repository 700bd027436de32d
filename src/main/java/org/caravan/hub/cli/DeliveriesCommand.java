package org.caravan.hub.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan deliveries}: documents on their way to their connectors. */
@Command(
        name = "deliveries",
        description = {
            "Documents on their way to their connectors: see where each stands, and say what shall become of it. Works beside"
                    + " a running hub, which sees a change at its next turn, or without one.",
            "",
            "docs/deliveries.md explains the states."
        },
        synopsisSubcommandLabel = "COMMAND")
final class DeliveriesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    /** With its own commands below it. */
    static CommandLine with(Terminal terminal) {
        return new CommandLine(new DeliveriesCommand())
                .addSubcommand(new DeliveriesListCommand(terminal))
                .addSubcommand(new DeliveriesShowCommand(terminal))
                .addSubcommand(new DeliveriesRetryCommand(terminal))
                .addSubcommand(new DeliveriesParkCommand(terminal))
                .addSubcommand(new DeliveriesAdoptCommand(terminal))
                .addSubcommand(new DeliveriesResendCommand(terminal))
                .addSubcommand(new DeliveriesBackfillCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which command? " + String.join(", ", spec.subcommands().keySet()));
    }
}
