package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.time.Clock;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.subscription.Merchants;

/** Makes the key and secret of a merchant's portal. */
final class MerchantKey {
    private static final String TAKEN = "23505";

    private MerchantKey() {}

    /**
     * Makes and shows them.
     *
     * @param merchant its name or id
     * @param name what the key is called; null = as the merchant
     */
    static int create(Terminal terminal, LedgerOptions options, String merchant, String name) throws SQLException {
        String known = name == null ? merchant : name;
        String id;
        String key;
        try (OpenLedger ledger = options.open(terminal)) {
            id = new Merchants(ledger.dataSource(), Clock.systemUTC())
                    .find(merchant)
                    .orElseThrow(() -> new UserError("--merchant " + merchant
                            + ": there is none of this name or id; an operator makes one with POST /merchants"));
            key = new ApiKeys(ledger.dataSource(), Clock.systemUTC()).create(known, ApiKeys.Kind.MERCHANT, id);
        } catch (SQLException e) {
            if (TAKEN.equals(e.getSQLState())) {
                throw new UserError(
                        "a key of the name '" + known
                                + "' is in force; call this one otherwise with --name, or end that"
                                + " one with caravan key revoke " + known + " --kind merchant",
                        e);
            }
            throw e;
        }
        int end = key.indexOf('_', key.indexOf('_') + 1);
        String open = key.substring(0, end);
        String secret = key.substring(end + 1);
        if (options.json()) {
            terminal.out()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("name", known)
                            .put("merchant", id)
                            .put("key", open)
                            .put("secret", secret));
        } else {
            terminal.out().println("merchant " + id);
            terminal.out().println("key      " + open);
            terminal.out().println("secret   " + secret);
            terminal.err()
                    .println("The secret is shown once; send both as HTTP Basic, or as X-Api-Key and X-Api-Secret.");
        }
        terminal.out().flush();
        return 0;
    }
}
