package org.caravan.hub.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan key}: who may ask the served APIs. */
@Command(
        name = "key",
        description = {
            "The keys of the served APIs: random, shown once when they are made, kept as digests alone.",
            "",
            "Without a command they are listed."
        },
        synopsisSubcommandLabel = "[list | create --source|--merchant|--reseller NAME | login USER | revoke NAME]")
final class KeyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    private KeyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine with(Terminal terminal) {
        CommandLine command = new CommandLine(new KeyCommand(terminal))
                .addSubcommand(new KeyListCommand(terminal))
                .addSubcommand(new KeyCreateCommand(terminal))
                .addSubcommand(new KeyLoginCommand(terminal))
                .addSubcommand(new KeyRevokeCommand(terminal));
        command.getSubcommands().values().forEach(sub -> sub.setOverwrittenOptionsAllowed(false));
        return command;
    }

    @Override
    public Integer call() throws Exception {
        return KeyListCommand.list(terminal, options, false);
    }
}
