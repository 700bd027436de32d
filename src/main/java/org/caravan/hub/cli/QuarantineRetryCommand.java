package org.caravan.hub.cli;

import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.hub.QuarantineDesk;
import org.caravan.ledger.Quarantine;
import org.caravan.ledger.QuarantineRetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan quarantine retry}: reads held records again. */
@Command(
        name = "retry",
        description = {
            "Read held records again, by the meters, limits and prices of today, and bill those that can be billed now. A"
                    + " record that still can't be stays held with the new reason.",
            "",
            "Exit code 3 if any record is still held."
        })
final class QuarantineRetryCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private PricingOptions pricing = new PricingOptions();

    @Mixin
    private QuarantineSelection selection = new QuarantineSelection();

    QuarantineRetryCommand(Terminal terminal) {
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
            QuarantineRetry retry = desk.retry();
            long count = selection.count(quarantine, null);
            selection.each(quarantine, null, ids -> {
                progress.step(String.format(Locale.ROOT, "%,d of %,d read again", outcomes.count(), count));
                retry.retry(ids).forEach(outcomes::add);
            });
        }
        outcomes.print(options.json(), terminal.out());
        return outcomes.exitCode();
    }
}
