package org.caravan.hub.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top of the command line. */
@Command(
        name = "caravan",
        description = "A billing hub: usage in, rated, aggregated by tenant and month, invoices out.",
        versionProvider = CaravanCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Help for a command: caravan COMMAND --help"})
public final class CaravanCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    private boolean version;

    /**
     * Runs one command.
     *
     * @return the exit code of the process
     */
    public static int run(Terminal terminal, String... args) {
        CommandLine commandLine = new CommandLine(new CaravanCommand())
                .addSubcommand(new RunCommand(terminal))
                .addSubcommand(new BillCommand(terminal))
                .addSubcommand(new RateCommand(terminal))
                .addSubcommand(new CloseCommand(terminal))
                .addSubcommand(new MonthsCommand(terminal))
                .addSubcommand(new ApproveCommand(terminal))
                .addSubcommand(InvoicesCommand.with(terminal))
                .addSubcommand(new CreditCommand(terminal))
                .addSubcommand(new CorrectCommand(terminal))
                .addSubcommand(new AuditCommand(terminal))
                .addSubcommand(new MediatorCommand(terminal))
                .addSubcommand(TariffCommand.of(terminal))
                .addSubcommand(QuarantineCommand.commandLine(terminal))
                .addSubcommand(DeliveriesCommand.with(terminal))
                .addSubcommand(ConnectorCommand.with(terminal))
                .addSubcommand(new CheckCommand(terminal))
                .addSubcommand(new StatusCommand(terminal))
                .addSubcommand(new SettingsCommand(terminal))
                .addSubcommand(SourcesCommand.commandLine(terminal))
                .addSubcommand(KeyCommand.with(terminal))
                .addSubcommand(new BackupCommand(terminal))
                .addSubcommand(new RestoreCommand(terminal))
                .addSubcommand(new RecoverCommand(terminal))
                .addSubcommand(new RehearseCommand(terminal))
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, ignored) -> Errors.wrongUsage(e, terminal.err()))
                .setExecutionExceptionHandler((e, failed, ignored) -> Errors.failure(e, failed, terminal.err()));
        commandLine.getSubcommands().values().forEach(command -> command.setOverwrittenOptionsAllowed(false));
        // an argument from elsewhere must not be read as the name of a file with arguments
        commandLine.setExpandAtFiles(terminal.within() == null);
        return commandLine.execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which command? "
                        + spec.subcommands().entrySet().stream()
                                .filter(command -> !command.getValue()
                                        .getCommandSpec()
                                        .usageMessage()
                                        .hidden())
                                .map(Map.Entry::getKey)
                                .collect(Collectors.joining(", ")));
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CaravanCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "Caravan " + (version == null ? "(not packaged)" : version) + ", Java "
                        + System.getProperty("java.version")
            };
        }
    }
}
