package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.backup.Recover;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.RecoveryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan recover}: a restored ledger learns what was issued since its backup. */
@Command(
        name = "recover",
        description = {
            "Ask the connectors what they hold, so that a restored ledger issues none of it a second time. Numbers that were"
                    + " given are taken, what arrived is committed. May be repeated at any time.",
            "",
            "Exit code 1 if something is left for a person to settle; the ledger issues nothing until that is done."
        })
final class RecoverCommand implements Callable<Integer> {
    private static final int SHOWN_MISSING = 20;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Where bills wrote invoices as CSV files.")
    private Path out;

    @Option(
            names = "--found",
            paramLabel = "CONNECTOR=FILE",
            description =
                    "What a connector holds that can't be asked: a CSV file with the column number, and key, account,"
                            + " month, currency, total, reference as far as known. May be repeated.")
    private List<String> found = new ArrayList<>();

    @Option(
            names = "--confirm",
            paramLabel = "CONNECTOR=NUMBER",
            description =
                    "You looked: this is the newest number that the connector holds (or none), and none of the numbers"
                            + " listed as missing is there. May be repeated.")
    private List<String> confirm = new ArrayList<>();

    @Option(
            names = "--accept",
            paramLabel = "NUMBER",
            description = "Issue this number again whatever the ledger comes to now. May be repeated.")
    private List<String> accept = new ArrayList<>();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why a difference is accepted.")
    private String reason;

    @Option(
            names = "--restored",
            description = "The ledger was put back by other means than caravan restore, such as a disk's snapshot.")
    private boolean restored;

    RecoverCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (!accept.isEmpty() && (reason == null || reason.isBlank())) {
            throw new UserError("--accept needs --reason TEXT; see caravan recover --help");
        }
        HubConfig config = options.config(terminal, "--out", Settings.OUT, out);
        Map<String, Path> lists = new LinkedHashMap<>();
        pairs("--found", found).forEach((name, file) -> lists.put(name, terminal.resolve(Path.of(file))));
        RecoveryReport report;
        try (Progress progress = Progress.to(terminal)) {
            progress.step("asking connectors");
            report = new Recover(config, Clock.systemUTC())
                    .run(new Recover.Request(restored, lists, pairs("--confirm", confirm), accept, reason));
        }
        if (options.json()) {
            terminal.out().println(json(report));
        } else {
            print(report, terminal.out());
        }
        terminal.out().flush();
        return report.recovered() && report.problems().isEmpty() ? 0 : Errors.FAILED;
    }

    private static Map<String, String> pairs(String option, List<String> texts) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1 || equals == text.length() - 1) {
                throw new UserError(
                        option + " '" + text + "': expected CONNECTOR=VALUE, such as openerp=INV-2026-000012");
            }
            if (pairs.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
                throw new UserError(option + ": connector " + text.substring(0, equals) + " is named twice");
            }
        }
        return pairs;
    }

    private static void print(RecoveryReport report, PrintStream out) {
        List<String[]> connectors = new ArrayList<>();
        connectors.add(new String[] {"CONNECTOR", "ASKED", "DOCUMENTS", "NEWEST", "ADOPTED"});
        report.connectors()
                .forEach(connector -> connectors.add(new String[] {
                    connector.name(),
                    connector.source(),
                    Long.toString(connector.documents()),
                    text(connector.newest()),
                    Long.toString(connector.adopted())
                }));
        table(connectors, out);
        if (!report.documents().isEmpty()) {
            out.println();
            List<String[]> documents = new ArrayList<>();
            documents.add(new String[] {"NUMBER", "ACCOUNT", "MONTH", "TOTAL", "CONNECTOR", "REFERENCE", "STATE"});
            report.documents()
                    .forEach(found -> documents.add(new String[] {
                        found.number(),
                        text(found.account()),
                        text(found.month()),
                        found.total() == null
                                ? "?"
                                : found.total().toPlainString()
                                        + (found.currency() == null ? "" : " " + found.currency()),
                        found.connector(),
                        text(found.reference()),
                        found.state()
                    }));
            table(documents, out);
        }
        out.println();
        if (!report.missing().isEmpty()) {
            int shown = Math.min(SHOWN_MISSING, report.missing().size());
            out.println("Numbers that nobody knows, and that are not given again: "
                    + String.join(", ", report.missing().subList(0, shown))
                    + (shown < report.missing().size()
                            ? " and " + (report.missing().size() - shown) + " more"
                            : ""));
        }
        report.problems().forEach(problem -> out.println("to do: " + Errors.oneLine(problem)));
        long waiting = report.documents().stream()
                .filter(found -> !found.state().equals("issued"))
                .map(RecoveryReport.Found::number)
                .distinct()
                .count();
        out.println(
                !report.recovered()
                        ? "The ledger is NOT recovered: it issues and delivers nothing until this is settled."
                        : waiting == 0
                                ? "The ledger is recovered."
                                : "The ledger is recovered. " + waiting
                                        + " documents wait to be issued again under their"
                                        + " numbers: read the usage since the backup, then close their months.");
    }

    private static String text(Object value) {
        return value == null ? "?" : Errors.oneLine(value.toString());
    }

    private static void table(List<String[]> rows, PrintStream out) {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.length; column++) {
                line.append(row[column]).append(" ".repeat(widths[column] - row[column].length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static ObjectNode json(RecoveryReport report) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("recovered", report.recovered());
        ArrayNode connectors = node.putArray("connectors");
        report.connectors().forEach(connector -> connectors
                .addObject()
                .put("connector", connector.name())
                .put("source", connector.source())
                .put("documents", connector.documents())
                .put("newest", connector.newest())
                .put("adopted", connector.adopted()));
        ArrayNode documents = node.putArray("documents");
        report.documents().forEach(found -> documents
                .addObject()
                .put("number", found.number())
                .put("account", found.account())
                .put("month", found.month() == null ? null : found.month().toString())
                .put("total", found.total() == null ? null : found.total().toPlainString())
                .put("currency", found.currency())
                .put("connector", found.connector())
                .put("reference", found.reference())
                .put("state", found.state()));
        ArrayNode missing = node.putArray("missing");
        report.missing().forEach(missing::add);
        ArrayNode problems = node.putArray("problems");
        report.problems().forEach(problems::add);
        return node;
    }
}
