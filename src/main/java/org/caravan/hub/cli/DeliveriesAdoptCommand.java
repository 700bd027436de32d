package org.caravan.hub.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryOrders;
import org.caravan.invoice.DeliveryRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan deliveries adopt}: the ERP has it, under this reference. */
@Command(
        name = "adopt",
        description = {
            "Commit a delivery that is in doubt or parked, as the ERP turned out to have the document.",
            "",
            "Of a delivery that is committed with a wrong total, the same reference with --total says that the ERP's total"
                    + " was corrected. Exit code 1 if the total is not the document's."
        })
final class DeliveriesAdoptCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(index = "0", paramLabel = "DELIVERY", description = "Number of the document, or id of the delivery.")
    private String name;

    @Parameters(index = "1", paramLabel = "REFERENCE", description = "What the ERP calls it.")
    private String reference;

    @Option(names = "--connector", paramLabel = "NAME", description = "Which of the document's deliveries.")
    private String connector;

    @Option(names = "--total", paramLabel = "AMOUNT", description = "What the ERP says it comes to; compared.")
    private String total;

    @Option(names = "--yes", description = "Also if another document has this reference at the same connector.")
    private boolean yes;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
    private String reason;

    DeliveriesAdoptCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        BigDecimal amount = total == null ? null : amount(total);
        try (OpenLedger ledger = options.open(terminal)) {
            DeliveryOrders orders = DeliveryOrderRun.orders(ledger, options.config(terminal));
            DeliveryRow row = new DeliveryTargets(new DeliveryList(ledger.dataSource()), connector).one(name);
            return new DeliveryOrderRun(terminal, options.json())
                    .give(List.of(row), one -> orders.adopt(one.id(), reference, amount, yes, reason))
                    .tell(true);
        }
    }

    private static BigDecimal amount(String text) {
        try {
            return Decimals.parse(text.strip());
        } catch (NumberFormatException e) {
            throw new UserError("--total '" + text + "': expected an amount such as 1234.50", e);
        }
    }
}
