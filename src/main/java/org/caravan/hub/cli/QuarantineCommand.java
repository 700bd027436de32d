package org.caravan.hub.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan quarantine}: looks at the records that were not billed, and decides them. */
@Command(
        name = "quarantine",
        description = {
            "Records that could not be billed: unusable ones, and conflicts with what is billed already. Works beside a"
                    + " running hub and without one."
        },
        synopsisSubcommandLabel = "COMMAND")
final class QuarantineCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    private QuarantineCommand() {}

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new QuarantineCommand())
                .addSubcommand(new QuarantineListCommand(terminal))
                .addSubcommand(new QuarantineShowCommand(terminal))
                .addSubcommand(new QuarantineRetryCommand(terminal))
                .addSubcommand(new QuarantineAcceptCommand(terminal))
                .addSubcommand(new QuarantineDropCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what with it? " + String.join(", ", spec.subcommands().keySet()));
    }
}
