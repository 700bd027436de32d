package org.caravan.hub.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.caravan.hub.Run;
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

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the ledger is kept; data/ of Caravan's directory unless said.")
    private Path data;

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        try (CleanEnd end = new CleanEnd()) {
            Run run = new Run(() -> common.standing(terminal, data).build(), Clock.systemUTC());
            run.run(() -> started(run.running()));
            terminal.err().println("caravan: ended");
            end.clean();
        }
        return 0;
    }

    private void started(Run.Running running) {
        terminal.err()
                .println("caravan: running as process "
                        + ProcessHandle.current().pid() + "; ledger " + running.ledger()
                        + "; inbox " + (running.inbox() == null ? "none (caravan.inbox)" : running.inbox())
                        + "; invoices " + (running.out() == null ? "as connectors are told" : "to " + running.out())
                        + "; APIs " + (running.api() == null ? "none (caravan.api.port)" : "at " + running.api())
                        + "; routes " + String.join(", ", running.routes()) + "; Ctrl-C or TERM ends it");
    }
}
