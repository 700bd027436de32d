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

/** {@code caravan deliveries park}: stops what has not been sent. */
@Command(
        name = "park",
        description = {
            "Stop deliveries that are pending, retrying or in doubt, until caravan deliveries retry lets them go on.",
            "",
            "An attempt that runs can't be stopped: it may have reached the ERP."
        })
final class DeliveriesParkCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private DeliveryFilterOptions filter = new DeliveryFilterOptions();

    @Parameters(arity = "0..*", paramLabel = "DELIVERY", description = "Numbers of documents, or ids of deliveries.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "All that are pending or retrying, as the other options choose.")
    private boolean all;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; shown to whoever meets them.")
    private String reason;

    DeliveriesParkCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        SeveralDeliveries several =
                new SeveralDeliveries(names, all, filter, Set.of("pending", "retrying"), "caravan deliveries park");
        try (OpenLedger ledger = options.open(terminal)) {
            DeliveryOrders orders = DeliveryOrderRun.orders(ledger, options.config(terminal));
            return new DeliveryOrderRun(terminal, options.json())
                    .give(
                            several.find(new DeliveryList(ledger.dataSource()), false),
                            row -> orders.park(row.id(), reason))
                    .tell(!all);
        }
    }
}
