package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.backup.Backup;
import org.caravan.hub.backup.BackupArchive;
import org.caravan.hub.backup.BackupSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan backup}: a ledger into a file. */
@Command(
        name = "backup",
        description = {
            "Write all of a ledger into one file, as it is at one moment, also beside a running hub.",
            "",
            "With --verify: read a backup to its end and check that it is what was written."
        })
final class BackupCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "FILE", description = "The backup. It appears whole or not at all.")
    private Path file;

    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;

    @Option(names = "--verify", description = "Check a backup that was written before.")
    private boolean verify;

    BackupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Path path = terminal.resolve(file);
        BackupSummary summary = verify ? verified(path) : written(path);
        if (options.json()) {
            terminal.out().println(json(summary).put("file", path.toString()));
        } else {
            print(verify ? "sound" : "written", path, summary, terminal.out());
        }
        terminal.out().flush();
        return 0;
    }

    private BackupSummary written(Path path) throws Exception {
        try (OpenLedger ledger = options.open(terminal);
                Progress progress = Progress.to(terminal)) {
            return new Backup(ledger.dataSource(), Clock.systemUTC(), progress::step).write(path, force);
        }
    }

    private BackupSummary verified(Path path) throws Exception {
        try (BackupArchive archive = BackupArchive.open(path);
                Progress progress = Progress.to(terminal)) {
            return archive.verify(progress::step);
        }
    }

    static ObjectNode json(BackupSummary summary) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("takenAt", summary.takenAt().toString());
        node.put("schema", summary.schema());
        node.put("issuer", summary.issuer());
        node.put("bytes", summary.fileBytes());
        node.put("sha256", summary.fileDigest());
        ObjectNode rows = node.putObject("rows");
        summary.rows().forEach(rows::put);
        return node;
    }

    static void print(String what, Path path, BackupSummary summary, PrintStream out) {
        out.println("Backup " + path + ": " + what + ".");
        summary.rows().forEach((table, rows) -> {
            if (rows > 0) {
                out.printf(Locale.ROOT, "%,14d  %s%n", rows, table);
            }
        });
        out.printf(
                Locale.ROOT,
                "taken at %s, schema %d, issuer %s, %,d bytes%nsha256 %s%n",
                summary.takenAt(),
                summary.schema(),
                summary.issuer() == null ? "none yet" : summary.issuer(),
                summary.fileBytes(),
                summary.fileDigest());
    }
}
