package org.caravan.hub.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.caravan.hub.Run;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan run}: the hub that stays. */
@Command(
        name = "run",
        description = {
            "Run the hub: take in usage as it comes, close months when they are over, deliver their invoices.",
            "",
            "Ends on Ctrl-C or TERM; started again, it goes on where it stood."
        })
final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--data", paramLabel = "DIR", description = "Where the ledger is kept.")
    private Path data;

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config =
                common.config(terminal).option("--data", Settings.DATA, data).build();
        new Run(config, Clock.systemUTC()).run(() -> terminal.err().println("caravan: running; Ctrl-C ends it"));
        return 0;
    }
}
