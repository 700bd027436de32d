package org.caravan.hub.cli;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryOrders;
import org.caravan.invoice.DeliveryRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan deliveries resend}: the ERP certainly has nothing, send it again. */
@Command(
        name = "resend",
        description = {
            "Send a delivery again that is in doubt, because you looked and are certain that the ERP does not have it.",
            "",
            "If the ERP has it after all, the invoice is doubled."
        })
final class DeliveriesResendCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(arity = "1..*", paramLabel = "DELIVERY", description = "Numbers of documents, or ids of deliveries.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--connector", paramLabel = "NAME", description = "Which of the documents' deliveries.")
    private String connector;

    @Option(names = "--yes", description = "Do not ask: the ERP certainly does not have it.")
    private boolean yes;

    @Option(names = "--reason", paramLabel = "TEXT", description = "How you know; kept in the history.")
    private String reason;

    DeliveriesResendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = options.config(terminal);
        try (OpenLedger ledger = options.open(terminal)) {
            DeliveryOrders orders = DeliveryOrderRun.orders(ledger, config);
            List<DeliveryRow> rows = rows(new DeliveryTargets(new DeliveryList(ledger.dataSource()), connector));
            if (!yes) {
                ask(rows);
            }
            return new DeliveryOrderRun(terminal, options.json())
                    .give(rows, row -> orders.resend(row.id(), reason))
                    .tell(true);
        }
    }

    private List<DeliveryRow> rows(DeliveryTargets targets) throws SQLException {
        List<DeliveryRow> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(targets.one(name));
        }
        return rows;
    }

    private void ask(List<DeliveryRow> rows) {
        List<String> doubtful =
                rows.stream().filter(DeliveryRow::doubt).map(DeliveryRow::name).toList();
        if (doubtful.isEmpty()) {
            return;
        }
        String question = "Is it certain that the ERP does not have " + String.join(", ", doubtful)
                + "? If it does, sending again doubles the invoice.";
        if (!Question.yes(terminal, question)) {
            throw new UserError("nothing was sent again; look in the ERP, and if it certainly does not have "
                    + String.join(", ", doubtful) + ", say --yes");
        }
    }
}
