package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.push.PushSource;
import org.caravan.ledger.Sources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan key create}: makes a key and shows it, once. */
@Command(
        name = "create",
        description = {
            "Make a key by which a source pushes usage to POST /caravan/v1/usage, and show it: it can't be read again.",
            "",
            "Each source has a name of its own, under which caravan sources says how far it is rated. From here on every month"
                    + " waits for it.",
            "",
            "With --merchant the key is one of a merchant's portal, for /merchants/{id} and what is below it: a key and a"
                    + " secret. With --reseller it is one of the reseller API, for what is below /reseller."
        })
final class KeyCreateCommand implements Callable<Integer> {
    private static final String TAKEN = "23505";
    private static final int MAX_NAME = 64;
    private static final int MAX_TENANTS = 1_000;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "The source that usage pushed with this key belongs to.")
    private String source;

    @Option(
            names = "--merchant",
            paramLabel = "NAME",
            description = "The merchant, by name or id, whose portal asks with this key, in the place of --source.")
    private String merchant;

    @Option(
            names = "--reseller",
            paramLabel = "NAME",
            description =
                    "The merchant, by name or id, that asks the reseller API with this key, in the place of --source.")
    private String reseller;

    @Option(
            names = "--all-resellers",
            description = "With --reseller: the key may ask for a report of all resellers (show_all_resellers).")
    private boolean allResellers;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "What the key is called; as its source unless said. A source may have several, to change them.")
    private String name;

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "A tenant that may be pushed for; may be repeated. Any, unless said.")
    private List<String> tenants = List.of();

    @Option(names = "--prices", description = "Records may name their price, for meters with pricing: given.")
    private boolean prices;

    KeyCreateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (Stream.of(source, merchant, reseller).filter(Objects::nonNull).count() != 1) {
            throw new UserError("say one of --source NAME, --merchant NAME and --reseller NAME");
        }
        if (source == null && (!tenants.isEmpty() || prices)) {
            throw new UserError("--tenant and --prices are for keys of sources");
        }
        if (reseller == null && allResellers) {
            throw new UserError("--all-resellers is for keys of resellers");
        }
        if (merchant != null) {
            checkName("--name", name == null ? merchant : name);
            return MerchantKey.create(terminal, options, merchant, name);
        }
        if (reseller != null) {
            String called = name == null ? reseller : name;
            checkName("--name", called);
            if (called.startsWith(ApiKeys.ofLogin(""))) {
                throw new UserError("--name: '" + ApiKeys.ofLogin("") + "…' is what keys of logins are called");
            }
            return ResellerKey.create(terminal, options, reseller, name, allResellers);
        }
        String known = name == null ? source : name;
        checkName("--source", source);
        checkName("--name", known);
        if (tenants.size() > MAX_TENANTS || tenants.stream().anyMatch(String::isBlank)) {
            throw new UserError("--tenant: expected names of tenants, at most " + MAX_TENANTS
                    + "; leave it out for a key that speaks for any");
        }
        String key;
        try (OpenLedger ledger = options.open(terminal)) {
            configure(new Sources(ledger.dataSource(), Clock.systemUTC()));
            key = create(new ApiKeys(ledger.dataSource(), Clock.systemUTC()), known);
        }
        if (options.json()) {
            terminal.out()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("name", known)
                            .put("source", source)
                            .put("key", key));
        } else {
            terminal.out().println(key);
            terminal.err()
                    .println("This key is shown once; send it as X-Auth-Token. caravan key revoke "
                            + Errors.oneLine(known) + " ends it.");
        }
        terminal.out().flush();
        return 0;
    }

    /** The source first: a key without one could push what no month waits for. */
    private void configure(Sources sources) throws SQLException {
        Sources.Source before = sources.find(source).orElse(null);
        if (before != null && before.configured() && !before.kind().equals(PushSource.KIND)) {
            throw new UserError("--source " + source + ": is a source of kind " + before.kind()
                    + " already; each source needs a name of its own");
        }
        sources.configure(source, PushSource.KIND);
    }

    private String create(ApiKeys keys, String known) throws SQLException {
        try {
            return keys.create(
                    new ApiKeys.Wanted(known, ApiKeys.Kind.SOURCE, source, new HashSet<>(tenants), prices), made -> {});
        } catch (SQLException e) {
            if (TAKEN.equals(e.getSQLState())) {
                throw new UserError(
                        "a key of the name '" + known
                                + "' is in force; call this one otherwise with --name, or end that"
                                + " one with caravan key revoke " + known,
                        e);
            }
            throw e;
        }
    }

    private static void checkName(String option, String text) {
        if (text.isBlank() || text.length() > MAX_NAME || text.chars().anyMatch(Character::isISOControl)) {
            throw new UserError(option + ": expected a name of 1 to " + MAX_NAME + " characters");
        }
    }
}
