package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.backup.BackupArchive;
import org.caravan.hub.backup.BackupSummary;
import org.caravan.hub.backup.Restore;
import org.caravan.hub.config.HubConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan restore}: a backup into a new ledger. */
@Command(
        name = "restore",
        description = {
            "Put a ledger back from a backup, into a new data directory or an empty database; never over another one.",
            "",
            "The restored ledger takes in usage, but issues and delivers nothing until caravan recover has asked the"
                    + " connectors what was issued since the backup.",
            "",
            "Exit code 1 if the ledger is restored, but its audit found something."
        })
final class RestoreCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "FILE", description = "The backup.")
    private Path file;

    @Option(names = "--check", description = "Only check the backup; restore nothing.")
    private boolean check;

    RestoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Path path = terminal.resolve(file);
        try (BackupArchive archive = BackupArchive.open(path);
                Progress progress = Progress.to(terminal)) {
            if (check) {
                BackupSummary summary = archive.verify(progress::step);
                progress.close();
                print(path, summary);
                return 0;
            }
            Restore.Result result = restore(options.config(terminal), archive, progress);
            progress.close();
            return print(path, result);
        }
    }

    private static Restore.Result restore(HubConfig config, BackupArchive archive, Progress progress) throws Exception {
        try (OpenLedger place = OpenLedger.forRestore(config)) {
            try {
                return new Restore(place.dataSource(), archive, Clock.systemUTC(), progress::step).run(place::restored);
            } catch (UserError e) {
                place.takeBack();
                throw e;
            }
        }
    }

    private void print(Path path, BackupSummary summary) {
        if (options.json()) {
            terminal.out().println(BackupCommand.json(summary).put("file", path.toString()));
        } else {
            BackupCommand.print("sound", path, summary, terminal.out());
        }
        terminal.out().flush();
    }

    private int print(Path path, Restore.Result result) {
        List<String> findings =
                result.checks().stream().flatMap(one -> one.findings().stream()).toList();
        if (options.json()) {
            ObjectNode node = BackupCommand.json(result.backup());
            node.put("file", path.toString());
            node.put("schemaNow", result.schema());
            ArrayNode list = node.putArray("findings");
            findings.forEach(list::add);
            terminal.out().println(node);
        } else {
            BackupCommand.print("restored", path, result.backup(), terminal.out());
            findings.forEach(finding -> terminal.out().println("audit: " + Errors.oneLine(finding)));
            terminal.out().println("The ledger issues and delivers nothing yet: run caravan recover.");
        }
        terminal.out().flush();
        return findings.isEmpty() ? 0 : Errors.FAILED;
    }
}
