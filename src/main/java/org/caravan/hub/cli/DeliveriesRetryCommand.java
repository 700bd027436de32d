package org.caravan.hub.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryOrders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan deliveries retry}: goes on with what is parked or waits. */
@Command(
        name = "retry",
        description = {
            "Make deliveries due now that are parked or wait for their next attempt, and fan-outs that are parked.",
            "",
            "What is in doubt is sent again only where its connector is safe to repeat; for others see adopt and resend."
        })
final class DeliveriesRetryCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private DeliveryFilterOptions filter = new DeliveryFilterOptions();

    @Parameters(arity = "0..*", paramLabel = "DELIVERY", description = "Numbers of documents, or ids of deliveries.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "All that are parked or retrying, as the other options choose.")
    private boolean all;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
    private String reason;

    DeliveriesRetryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        SeveralDeliveries several =
                new SeveralDeliveries(names, all, filter, Set.of("parked", "retrying"), "caravan deliveries retry");
        try (OpenLedger ledger = options.open(terminal)) {
            DeliveryOrders orders = DeliveryOrderRun.orders(ledger, options.config(terminal));
            return new DeliveryOrderRun(terminal, options.json())
                    .give(
                            several.find(new DeliveryList(ledger.dataSource()), true),
                            row -> row.isFanOut()
                                    ? orders.retryFanOut(row.document().id(), reason)
                                    : orders.retry(row.id(), reason))
                    .tell(!all);
        }
    }
}
