package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.api.auth.ApiKeys;
import org.caravan.hub.OpenLedger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan key list}: all about the keys but the keys. */
@Command(name = "list", description = "List the keys that are in force: all about them but the keys themselves.")
final class KeyListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Option(names = "--all", description = "Those that were revoked, too.")
    private boolean all;

    KeyListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        return list(terminal, options, all);
    }

    static int list(Terminal terminal, LedgerOptions options, boolean all) throws SQLException {
        List<ApiKeys.Listed> keys;
        try (OpenLedger ledger = options.open(terminal)) {
            keys = new ApiKeys(ledger.dataSource(), Clock.systemUTC())
                    .list().stream()
                            .filter(key -> all || key.revokedAt() == null)
                            .toList();
        }
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            ArrayNode array = node.putArray("keys");
            keys.forEach(key -> array.add(json(key)));
            terminal.out().println(node);
        } else if (keys.isEmpty()) {
            terminal.out()
                    .println("No key is in force; caravan run makes the operator's, caravan key create the others.");
        } else {
            Columns.lines(rows(keys)).forEach(terminal.out()::println);
        }
        terminal.out().flush();
        return 0;
    }

    private static List<String[]> rows(List<ApiKeys.Listed> keys) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"ID", "KIND", "NAME", "FOR", "TENANTS", "PRICES", "ALL RESELLERS", "MADE", "REVOKED"});
        for (ApiKeys.Listed key : keys) {
            rows.add(new String[] {
                Long.toString(key.id()),
                key.kind().word(),
                Errors.oneLine(key.name()),
                key.subject() == null ? "-" : Errors.oneLine(key.subject()),
                key.tenants().isEmpty()
                        ? "any"
                        : Errors.oneLine(String.join(
                                ", ", key.tenants().stream().sorted().toList())),
                key.prices() ? "yes" : "no",
                key.allResellers() ? "yes" : "no",
                key.createdAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                key.revokedAt() == null
                        ? "-"
                        : key.revokedAt().truncatedTo(ChronoUnit.SECONDS).toString()
            });
        }
        return rows;
    }

    private static ObjectNode json(ApiKeys.Listed key) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("id", key.id())
                .put("kind", key.kind().word())
                .put("name", key.name())
                .put("subject", key.subject());
        ArrayNode tenants = node.putArray("tenants");
        key.tenants().stream().sorted().forEach(tenants::add);
        return node.put("prices", key.prices())
                .put("allResellers", key.allResellers())
                .put("createdAt", key.createdAt().toString())
                .put(
                        "revokedAt",
                        key.revokedAt() == null ? null : key.revokedAt().toString());
    }
}
