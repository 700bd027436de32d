package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.subscription.Merchants;

/** Makes the key of a reseller's portal. */
final class ResellerKey {
    private static final String TAKEN = "23505";

    private ResellerKey() {}

    /**
     * Makes and shows it.
     *
     * @param reseller name or id of its merchant
     * @param name what the key is called; null = as the merchant
     * @param all true if it may see a report of all resellers
     */
    static int create(Terminal terminal, LedgerOptions options, String reseller, String name, boolean all)
            throws SQLException {
        String known = name == null ? reseller : name;
        String id;
        String key;
        try (OpenLedger ledger = options.open(terminal)) {
            id = merchant(ledger.dataSource(), reseller);
            key = new ApiKeys(ledger.dataSource(), Clock.systemUTC())
                    .create(new ApiKeys.Wanted(known, ApiKeys.Kind.RESELLER, id, Set.of(), false, all), made -> {});
        } catch (SQLException e) {
            if (TAKEN.equals(e.getSQLState())) {
                throw new UserError(
                        "a key of the name '" + known
                                + "' is in force; call this one otherwise with --name, or end that"
                                + " one with caravan key revoke " + known + " --kind reseller",
                        e);
            }
            throw e;
        }
        if (options.json()) {
            terminal.out()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("name", known)
                            .put("reseller", id)
                            .put("key", key));
        } else {
            terminal.out().println(key);
            terminal.err()
                    .println("This key is shown once; send it as X-Reseller-Api-Key. caravan key revoke "
                            + Errors.oneLine(known) + " --kind reseller ends it.");
        }
        terminal.out().flush();
        return 0;
    }

    /** The id of the merchant that a reseller is. */
    static String merchant(DataSource ledger, String nameOrId) throws SQLException {
        return new Merchants(ledger, Clock.systemUTC())
                .find(nameOrId)
                .orElseThrow(() -> new UserError("--reseller " + nameOrId
                        + ": there is no merchant of this name or id; an operator makes one with POST /merchants"));
    }
}
