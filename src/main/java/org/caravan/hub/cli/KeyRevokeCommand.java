package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan key revoke}: ends a key. */
@Command(
        name = "revoke",
        description = {
            "End a key: from now on it opens nothing, in no hub of this ledger.",
            "",
            "What was pushed with it stays. Its source goes on to hold months until caravan sources forget NAME. The"
                    + " operator's key is made anew by the next start of a hub."
        })
final class KeyRevokeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The key's name, as caravan key list shows it.")
    private String name;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Of several keys with this name, the one of this kind: source, operator, …")
    private String kind;

    KeyRevokeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        ApiKeys.Listed ended;
        try (OpenLedger ledger = options.open(terminal)) {
            ApiKeys keys = new ApiKeys(ledger.dataSource(), Clock.systemUTC());
            ended = one(keys);
            if (!keys.revoke(ended.name(), ended.kind())) {
                throw new UserError("key '" + name + "': another command has just ended it");
            }
        }
        if (options.json()) {
            terminal.out()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("id", ended.id())
                            .put("kind", ended.kind().word())
                            .put("name", ended.name())
                            .put("revoked", true));
        } else {
            terminal.out()
                    .println("key " + Errors.oneLine(ended.name()) + " ("
                            + ended.kind().word() + ") opens nothing any more");
        }
        terminal.out().flush();
        return 0;
    }

    private ApiKeys.Listed one(ApiKeys keys) throws SQLException {
        List<ApiKeys.Listed> inForce =
                keys.list().stream().filter(key -> key.revokedAt() == null).toList();
        List<ApiKeys.Listed> found = inForce.stream()
                .filter(key -> key.name().equals(name))
                .filter(key -> kind == null || key.kind().word().equals(kind))
                .toList();
        if (found.isEmpty()) {
            throw new UserError("key '" + name + "': none of this name is in force"
                    + Nearest.hint(
                            name, inForce.stream().map(ApiKeys.Listed::name).toList())
                    + "; caravan key list shows those that are");
        }
        if (found.size() > 1) {
            throw new UserError("key '" + name + "': there are several of this name; say which with --kind "
                    + String.join(
                            " or --kind ",
                            found.stream().map(key -> key.kind().word()).toList()));
        }
        return found.get(0);
    }
}
