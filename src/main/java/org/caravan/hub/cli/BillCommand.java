package org.caravan.hub.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.hub.Bill;
import org.caravan.hub.BillRequest;
import org.caravan.hub.BillSummary;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan bill}: a month of usage in, invoices out. */
@Command(
        name = "bill",
        description = {
            "Read a month of usage, rate it, aggregate it by tenant, close the month and commit an invoice per account.",
            "",
            "Without --data the run is a proforma: its ledger is thrown away and its invoices say so."
        })
final class BillCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "MONTH", description = "The month to bill, such as 2026-10.")
    private String month;

    @Option(
            names = "--usage",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            description = "Usage files: .csv or .jsonl, also .gz.")
    private List<Path> usage = new ArrayList<>();

    @Option(
            names = "--tariff",
            paramLabel = "FILE",
            description = "What usage costs (YAML or JSON). Without it the rules of the ledger in --data.")
    private Path tariff;

    @Option(names = "--out", paramLabel = "DIR", description = "Where invoices are written as CSV files.")
    private Path out;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the ledger here and issue real invoices.")
    private Path data;

    @Option(names = "--meters", paramLabel = "FILE", description = "Products, units and identity of the meters.")
    private Path meters;

    @Option(names = "--strict", description = "Exit with 3 if a record was quarantined.")
    private boolean strict;

    @Option(names = "--json", description = "Print the summary as one JSON object.")
    private boolean json;

    BillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = common.config(terminal)
                .option("--tariff", Settings.TARIFF, tariff)
                .option("--out", Settings.OUT, out)
                .option("--data", Settings.DATA, data)
                .option("--meters", Settings.METERS, meters)
                .build();
        if (config.find(Settings.DATA).isEmpty()
                && config.find(Settings.LEDGER_URL).isEmpty()) {
            Arguments.required(config, Settings.TARIFF, "--tariff FILE", "bill");
        }
        Arguments.required(config, Settings.OUT, "--out DIR", "bill");
        if (common.verbose()) {
            config.shown().forEach((key, value) -> terminal.err().println(key + "=" + value));
        }
        BillRequest request = new BillRequest(
                Arguments.month(month),
                usage.stream()
                        .map(file -> new BillRequest.UsageFile(file.toString(), terminal.resolve(file)))
                        .toList());
        BillSummary summary;
        try (Progress progress = Progress.to(terminal)) {
            summary = new Bill(config, request, progress, Clock.systemUTC()).run();
        }
        if (json) {
            terminal.out().println(BillJson.of(summary));
        } else {
            BillTable.print(summary, terminal.out());
        }
        terminal.out().flush();
        summary.troubles().forEach(trouble -> terminal.err().println("caravan: " + Errors.oneLine(trouble)));
        if (!summary.isComplete()) {
            return Errors.FAILED;
        }
        boolean bad = summary.records().quarantined() + summary.records().conflict() > 0;
        return strict && bad ? Errors.QUARANTINED : 0;
    }
}
