package org.caravan.hub.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.QuarantineDesk;
import org.caravan.ledger.Outcome;
import org.caravan.ledger.Quarantine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan quarantine drop}: throws held records away. */
@Command(
        name = "drop",
        description = {
            "Throw held records away: they are never billed, and stay in the list as dropped, with the reason. The same"
                    + " record coming again is set aside again."
        })
final class QuarantineDropCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private QuarantineSelection selection = new QuarantineSelection();

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for whoever looks later.")
    private String reason;

    QuarantineDropCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (reason.isBlank()) {
            throw new UserError("--reason is empty: say why, for whoever looks later");
        }
        QuarantineOutcomes outcomes = new QuarantineOutcomes();
        try (QuarantineDesk desk = QuarantineDesk.open(options.config(terminal), Clock.systemUTC())) {
            Quarantine quarantine = desk.quarantine();
            selection.check(quarantine);
            selection.each(quarantine, null, ids -> {
                List<Long> others = new ArrayList<>(ids);
                for (long id : quarantine.drop(ids, reason)) {
                    outcomes.add(new Outcome(id, Outcome.What.DROPPED, reason));
                    others.remove(id);
                }
                quarantine
                        .find(others)
                        .forEach(record -> outcomes.add(
                                new Outcome(record.id(), Outcome.What.DECIDED, "is " + record.state() + " already")));
            });
        }
        outcomes.print(options.json(), terminal.out());
        return outcomes.exitCode();
    }
}
