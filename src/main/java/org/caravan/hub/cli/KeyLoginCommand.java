package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.SecretFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan key login}: the user name and password by which a reseller's portal gets its key. */
@Command(
        name = "login",
        description = {
            "Set the password of a user of a reseller's portal, who gets a key for it by POST"
                    + " /reseller/admin/v1/api_key/. The password is read from the standard input, or from a file; it is"
                    + " never an argument, and is kept as what a slow function makes of it.",
            "",
            "With --remove the login ends, and so does the key that it made."
        })
final class KeyLoginCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final InputStream in;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(index = "0", paramLabel = "USER", description = "The user's name, unique in this ledger.")
    private String username;

    @Option(
            names = "--reseller",
            paramLabel = "NAME",
            description = "The merchant, by name or id, whose clients the user's key shows.")
    private String reseller;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File with the password; else it is the first line of the standard input.")
    private Path file;

    @Option(
            names = "--all-resellers",
            description = "Keys of this login may ask for a report of all resellers (show_all_resellers).")
    private boolean all;

    @Option(names = "--remove", description = "End the login and the key that it made.")
    private boolean remove;

    KeyLoginCommand(Terminal terminal) {
        this(terminal, System.in);
    }

    /** @param in where the password comes from */
    KeyLoginCommand(Terminal terminal, InputStream in) {
        this.terminal = terminal;
        this.in = in;
    }

    @Override
    public Integer call() throws Exception {
        if (username.isBlank()
                || username.length() > ResellerLogins.MAX_USERNAME
                || username.chars().anyMatch(Character::isISOControl)) {
            throw new UserError("USER: expected a name of 1 to " + ResellerLogins.MAX_USERNAME + " characters");
        }
        if (remove == (reseller != null)) {
            throw new UserError("say either --reseller NAME, or --remove");
        }
        char[] password = remove ? null : password();
        try (OpenLedger ledger = options.open(terminal)) {
            if (remove) {
                remove(ledger.dataSource());
            } else {
                set(ledger.dataSource(), password);
            }
        }
        return 0;
    }

    private void set(DataSource ledger, char[] password) throws SQLException {
        String id = ResellerKey.merchant(ledger, reseller);
        boolean done = new ResellerLogins(ledger, Clock.systemUTC())
                .set(new ResellerLogins.Login(username, id, all), password);
        if (!done) {
            throw new UserError("user '" + username + "' is another reseller's; call this one otherwise");
        }
        tell("set", "user " + Errors.oneLine(username) + " has this password from now on");
    }

    private void remove(DataSource ledger) throws SQLException {
        boolean removed = new ResellerLogins(ledger, Clock.systemUTC()).remove(username);
        // also where a run before was killed between the two
        boolean revoked =
                new ApiKeys(ledger, Clock.systemUTC()).revoke(ApiKeys.ofLogin(username), ApiKeys.Kind.RESELLER);
        if (!removed && !revoked) {
            throw new UserError("user '" + username + "': there is none of this name");
        }
        tell("removed", "user " + Errors.oneLine(username) + " and its key open nothing any more");
    }

    private void tell(String what, String sentence) {
        if (options.json()) {
            terminal.out()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("username", username)
                            .put(what, true));
        } else {
            terminal.out().println(sentence);
        }
        terminal.out().flush();
    }

    private char[] password() throws IOException {
        Console person = file == null && terminal.interactive() ? System.console() : null;
        if (person != null) {
            char[] typed = person.readPassword("Password of %s: ", Errors.oneLine(username));
            return checked(typed == null ? "" : new String(typed));
        }
        return checked(
                file != null
                        ? SecretFile.read(terminal.resolve(file).toString())
                        : firstLine(new String(
                                in.readNBytes(4 * ResellerLogins.MAX_PASSWORD + 2), StandardCharsets.UTF_8)));
    }

    private char[] checked(String password) {
        if (password.length() < ResellerLogins.MIN_PASSWORD || password.length() > ResellerLogins.MAX_PASSWORD) {
            throw new UserError("the password must have " + ResellerLogins.MIN_PASSWORD + " to "
                    + ResellerLogins.MAX_PASSWORD + " characters; it is read from "
                    + (file != null ? file : "the standard input"));
        }
        return password.toCharArray();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
