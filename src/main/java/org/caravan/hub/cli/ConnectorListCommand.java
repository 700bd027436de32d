package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.ConnectorOrders;
import org.caravan.hub.connector.Dependencies;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.LanePauses;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan connector list}: which there are, what each promises, and how far it has come. */
@Command(
        name = "list",
        description = {
            "Show the connectors: what each promises when an answer is lost, what it is told, and, of a ledger that is kept,"
                    + " how far it has come.",
            "",
            "Exit code 1 if one can't be used."
        })
final class ConnectorListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    ConnectorListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = options.config(terminal);
        Map<String, InvoiceStatus.Connector> backlogs = new TreeMap<>();
        Map<String, Instant> resting = Map.of();
        Map<String, ConnectorOrders.Applied> applied = Map.of();
        if (OpenLedger.isThere(config)) {
            try (OpenLedger ledger = options.open(terminal)) {
                backlogs(ledger.dataSource()).forEach(backlog -> backlogs.put(backlog.name(), backlog));
                resting = LanePauses.resting(
                        ledger.dataSource(), Clock.systemUTC().instant());
                applied = new ConnectorOrders(ledger.dataSource(), Clock.systemUTC()).newest();
            }
        }
        ConnectorFiles files = HubConnectors.files(config);
        Map<String, ConnectorFiles.Found> connectors = new TreeMap<>();
        files.list().forEach(found -> connectors.put(found.name(), found));
        backlogs.keySet().forEach(name -> connectors.computeIfAbsent(name, files::look));
        DeliveryWords words = new DeliveryWords(config);
        List<ConnectorLine> lines = new ArrayList<>();
        for (ConnectorFiles.Found found : connectors.values()) {
            String name = found.name();
            String kamelet = found.info() == null ? "" : ConnectorName.of(name).kamelet();
            lines.add(new ConnectorLine(
                    found, missing(found), applied.get(kamelet), backlogs.get(name), resting.get(name), words));
        }
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            ArrayNode list = node.putArray("connectors");
            lines.forEach(line -> list.add(line.json()));
            terminal.out().println(node);
        } else {
            lines.forEach(line -> line.print(terminal.out()));
            if (lines.isEmpty()) {
                terminal.out().println("No connector in " + config.get(Settings.CONNECTORS));
            }
        }
        terminal.out().flush();
        return lines.stream().allMatch(ConnectorLine::usable) ? 0 : Errors.FAILED;
    }

    /** What the connector needs that is not there; nothing where its file can't be read, which is said already. */
    private static List<String> missing(ConnectorFiles.Found found) {
        try {
            return found.info() == null ? List.of() : Dependencies.missing(ConfigNode.read(found.file(), "connector"));
        } catch (UserError e) {
            return List.of();
        }
    }

    private static List<InvoiceStatus.Connector> backlogs(DataSource ledger) throws SQLException {
        try (Connection connection = ledger.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            List<InvoiceStatus.Connector> connectors =
                    InvoiceStatus.read(connection).connectors();
            connection.rollback();
            return connectors;
        }
    }
}
