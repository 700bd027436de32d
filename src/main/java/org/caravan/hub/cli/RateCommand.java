package org.caravan.hub.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.hub.BillRequest;
import org.caravan.hub.TariffTrial;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan rate}: what a tariff makes of usage, without storing anything. */
@Command(
        name = "rate",
        description = {
            "Try a tariff: print one JSON line per usage record, in its order, with the exact price. Nothing is stored."
        })
final class RateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = "--usage",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            description = "Usage files: .csv or .jsonl, also .gz.")
    private List<Path> usage = new ArrayList<>();

    @Option(names = "--tariff", paramLabel = "FILE", description = "What usage costs (YAML or JSON).")
    private Path tariff;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Without --tariff: rate by the rules of the ledger that is kept here.")
    private Path data;

    @Option(names = "--meters", paramLabel = "FILE", description = "Products, units and identity of the meters.")
    private Path meters;

    RateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = common.config(terminal)
                .option("--tariff", Settings.TARIFF, tariff)
                .option("--data", Settings.DATA, data)
                .option("--meters", Settings.METERS, meters)
                .build();
        if (config.find(Settings.DATA).isEmpty()
                && config.find(Settings.LEDGER_URL).isEmpty()) {
            Arguments.required(config, Settings.TARIFF, "--tariff FILE", "rate");
        }
        List<BillRequest.UsageFile> files = usage.stream()
                .map(file -> new BillRequest.UsageFile(file.toString(), terminal.resolve(file)))
                .toList();
        new TariffTrial(config, Clock.systemUTC()).run(files, terminal.out());
        terminal.out().flush();
        return 0;
    }
}
