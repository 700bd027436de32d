package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorInfo;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.LanePauses;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan connector list}: which there are, what each promises, and how far it has come. */
@Command(
        name = "list",
        description = {
            "Show the connectors: what each promises when an answer is lost, whether it is told what it needs, and, of a"
                    + " ledger that is kept, how far it has come.",
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
        Map<String, ConnectorFiles.Found> files = new TreeMap<>();
        for (ConnectorFiles.Found found : new ConnectorFiles(config.get(Settings.CONNECTORS)).list()) {
            files.put(found.name(), found);
        }
        Map<String, InvoiceStatus.Connector> backlogs = new TreeMap<>();
        Map<String, Instant> resting = Map.of();
        if (config.find(Settings.DATA).isPresent()
                || config.find(Settings.LEDGER_URL).isPresent()) {
            try (OpenLedger ledger = options.open(terminal)) {
                backlogs(ledger.dataSource()).forEach(backlog -> backlogs.put(backlog.name(), backlog));
                resting = LanePauses.resting(
                        ledger.dataSource(), Clock.systemUTC().instant());
            }
        }
        List<Line> lines = new ArrayList<>();
        Set<String> names = new TreeSet<>(files.keySet());
        names.addAll(backlogs.keySet());
        for (String name : names) {
            ConnectorFiles.Found file = files.get(name);
            lines.add(new Line(
                    name,
                    file,
                    file == null ? List.of() : missing(file, config),
                    backlogs.get(name),
                    resting.get(name),
                    new DeliveryWords(config)));
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
        return lines.stream().allMatch(Line::usable) ? 0 : Errors.FAILED;
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

    /** Required properties that nothing is said of. */
    private static List<String> missing(ConnectorFiles.Found file, HubConfig config) {
        String prefix = "camel.kamelet." + file.name() + "-sink.";
        // what is said of the directory by a setting of ours
        boolean out =
                file.name().equals("csv-directory") && config.find(Settings.OUT).isPresent();
        return file.required().stream()
                .filter(property -> !property.hasDefault()
                        && !config.camel().containsKey(prefix + property.name())
                        && !(out && property.name().equals("directory")))
                .map(ConnectorFiles.Property::name)
                .toList();
    }

    /**
     * A connector as it is shown.
     *
     * @param file null if there is none, but deliveries to it
     * @param backlog null if it never got a document, or no ledger is named
     * @param restsUntil null if no lane of it rests
     */
    private record Line(
            String name,
            ConnectorFiles.Found file,
            List<String> missing,
            InvoiceStatus.Connector backlog,
            Instant restsUntil,
            DeliveryWords words) {
        boolean usable() {
            return file == null ? backlog.backlog() == 0 : file.error() == null;
        }

        private String problem() {
            return file == null ? "no file; add connectors/" + name + "-sink.kamelet.yaml" : file.error();
        }

        private static String promise(ConnectorInfo.Repeat repeat) {
            return switch (repeat) {
                case SAFE -> "exactly once: the same invoice twice is one, so it is sent again after a lost answer";
                case LOOKUP -> "exactly once: the ERP can be asked after a lost answer; until it is, a person decides";
                case NEVER -> "at most once: after a lost answer a person decides";
            };
        }

        void print(PrintStream out) {
            out.println(name + (file == null || file.title().isEmpty() ? "" : ": " + file.title()));
            if (problem() != null) {
                line(out, "problem", Errors.oneLine(problem()));
            }
            if (file != null) {
                line(out, "file", file.file().toString());
            }
            if (file != null && file.info() != null) {
                line(out, "promise", promise(file.info().repeat()));
                line(out, "takes", file.info().proforma() ? "invoices and proformas" : "invoices only");
                line(out, "at a time", "one document");
                String lane = file.info().laneTemplate();
                line(out, "lanes", lane.isEmpty() ? "one" : "one for each " + lane);
                line(out, "needs", needs());
            }
            if (backlog != null) {
                line(out, "deliveries", states());
                if (backlog.oldestOpen() != null) {
                    line(out, "oldest", "issued " + backlog.oldestOpen() + ", not committed");
                }
                if (restsUntil != null) {
                    line(out, "rests until", restsUntil + ", as attempts failed one after the other");
                }
                if (backlog.lastError() != null) {
                    line(out, "last error", backlog.lastErrorAt() + " " + words.said(backlog.lastError()));
                }
                line(out, "last commit", backlog.lastCommit() == null ? "none" : text(backlog.lastCommit()));
            }
        }

        private static void line(PrintStream out, String name, String value) {
            out.printf("     %-12s %s%n", name, value);
        }

        private String needs() {
            if (file.required().isEmpty()) {
                return "nothing";
            }
            return String.join(
                    ", ",
                    file.required().stream()
                            .map(property -> property.name()
                                    + (missing.contains(property.name())
                                            ? " (NOT SET: camel.kamelet." + name + "-sink." + property.name() + ")"
                                            : " (set)"))
                            .toList());
        }

        private String states() {
            List<String> states = new ArrayList<>();
            for (DeliveryState state : DeliveryState.values()) {
                if (backlog.count(state) > 0) {
                    states.add(backlog.count(state) + " " + state.code());
                }
            }
            return String.join(", ", states)
                    + (backlog.alarms() == 0
                            ? ""
                            : " (" + backlog.alarms() + " with another total than the document's)");
        }

        ObjectNode json() {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("name", name);
            node.put("title", file == null ? null : file.title());
            node.put("file", file == null ? null : file.file().toString());
            node.put("problem", problem());
            if (file != null && file.info() != null) {
                node.put("repeat", file.info().repeat().name().toLowerCase(Locale.ROOT));
                node.put("promise", promise(file.info().repeat()));
                node.put("proforma", file.info().proforma());
                node.put("batch", 1);
                node.put("lane", file.info().laneTemplate());
                ArrayNode required = node.putArray("required");
                for (ConnectorFiles.Property property : file.required()) {
                    required.addObject().put("name", property.name()).put("set", !missing.contains(property.name()));
                }
            }
            if (backlog != null) {
                ObjectNode states = node.putObject("deliveries");
                for (DeliveryState state : DeliveryState.values()) {
                    states.put(state.code(), backlog.count(state));
                }
                node.put("alarms", backlog.alarms());
                node.put("oldest", text(backlog.oldestOpen()));
                node.put("restsUntil", text(restsUntil));
                node.put("lastError", words.said(backlog.lastError()));
                node.put("lastErrorAt", text(backlog.lastErrorAt()));
                node.put("lastCommit", text(backlog.lastCommit()));
            }
            return node;
        }

        private static String text(Instant time) {
            return time == null ? null : time.toString();
        }
    }
}
