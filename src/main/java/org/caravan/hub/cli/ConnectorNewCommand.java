package org.caravan.hub.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.caravan.hub.connector.Skeleton;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan connector new}: a file to begin from. */
@Command(
        name = "new",
        description = {
            "Write a new connector's file, with comments on what to change, from one that works.",
            "",
            "A connector for one more target of the same kind needs no file: docs/connectors.md."
        })
final class ConnectorNewCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "NAME", description = "The new connector's name.")
    private String name;

    @Option(names = "--from", paramLabel = "CONNECTOR", description = "The connector to begin from; http unless said.")
    private String from = "http";

    ConnectorNewCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path file = Skeleton.write(common.config(terminal).build(), name, from);
        terminal.out().println("written: " + file + "; its head says what comes next");
        terminal.out().flush();
        return 0;
    }
}
