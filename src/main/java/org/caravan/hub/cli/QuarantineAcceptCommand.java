package org.caravan.hub.cli;

import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.QuarantineDesk;
import org.caravan.ledger.Quarantine;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.QuarantineRetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan quarantine accept}: bills conflicting records in the place of what is billed. */
@Command(
        name = "accept",
        description = {
            "Bill conflicting records in the place of what is billed of their time: what was billed is taken back as it was,"
                    + " the record is billed at the price of today. See caravan quarantine show ID for the difference.",
            "Of several that conflict with each other the one with the highest id holds in the end.",
            "",
            "Exit code 3 if any record is still held."
        })
final class QuarantineAcceptCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private PricingOptions pricing = new PricingOptions();

    @Mixin
    private QuarantineSelection selection = new QuarantineSelection();

    QuarantineAcceptCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        QuarantineOutcomes outcomes = new QuarantineOutcomes();
        try (Progress progress = Progress.to(terminal);
                QuarantineDesk desk = QuarantineDesk.open(
                        pricing.into(options.builder(terminal)).build(), Clock.systemUTC())) {
            Quarantine quarantine = desk.quarantine();
            selection.check(quarantine);
            for (QuarantineEntry record : quarantine.find(selection.ids())) {
                if (!record.kind().equals("conflict")) {
                    throw new UserError("quarantine " + record.id() + ": is no conflict but unusable ("
                            + Errors.oneLine(record.reason()) + "): mend the cause and retry it, or drop it");
                }
            }
            QuarantineRetry retry = desk.retry();
            long count = selection.count(quarantine, QuarantineFilterOptions.Kind.conflict);
            selection.each(quarantine, QuarantineFilterOptions.Kind.conflict, ids -> {
                for (long id : ids) {
                    progress.step(String.format(Locale.ROOT, "%,d of %,d accepted", outcomes.count(), count));
                    outcomes.add(retry.accept(id));
                }
            });
        }
        outcomes.print(options.json(), terminal.out());
        return outcomes.exitCode();
    }
}
