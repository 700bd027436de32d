package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.rating.TariffWriter;
import org.caravan.rating.store.StoredRules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan tariff export}: writes a ledger's rules as a tariff file. */
@Command(
        name = "export",
        description = {
            "Write the rules of a ledger as a tariff file, ended ones and those that begin later included. Read back it"
                    + " gives the same rules."
        })
final class TariffExportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "Where to write; a file that is there is replaced. Standard output unless said.")
    private Path file;

    TariffExportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        StoredRules rules;
        String currency;
        try (OpenLedger ledger = options.open(terminal)) {
            currency = TariffLedger.currency(ledger);
            rules = TariffLedger.store(ledger, Clock.systemUTC()).load();
        }
        String text = TariffWriter.write(
                rules.rules(),
                currency,
                List.of("The rules of a ledger at version " + rules.version() + ", written by caravan tariff export."));
        if (text.getBytes(StandardCharsets.UTF_8).length > ConfigNode.MAX_FILE_BYTES) {
            terminal.err().println("caravan: warning: the file is larger than a tariff file may be to be read back");
        }
        if (file != null) {
            write(terminal.resolve(file), text);
        }
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode().put("version", rules.version());
            terminal.out().println(file == null ? node.put("text", text) : node.put("file", file.toString()));
        } else if (file == null) {
            terminal.out().print(text);
        }
        terminal.out().flush();
        return 0;
    }

    /** Whole or not at all: a tariff cut in half may still be one. */
    private static void write(Path target, String text) {
        Path directory = target.toAbsolutePath().getParent();
        if (Files.isDirectory(target) || directory == null || !Files.isDirectory(directory)) {
            throw new UserError(target + ": can't be written; give the path of a file in a directory that is there");
        }
        try {
            Path part = directory.resolve(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                Files.writeString(part, text);
                try {
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                } catch (AtomicMoveNotSupportedException e) {
                    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
                }
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new UserError(target + ": can't be written (" + e.getMessage() + ")", e);
        }
    }
}
