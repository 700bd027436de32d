package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.caravan.common.UserError;

/** The one currency of a ledger's rules, which the first rule decides. */
final class RuleCurrency {
    private RuleCurrency() {}

    /**
     * Notes the currency where there is none yet.
     *
     * @throws UserError if the rules are in another one
     */
    static void set(Connection connection, String currency) throws SQLException {
        String held = Rows.first(connection, "select currency from rule_state", row -> row.getString(1));
        if (held == null) {
            Rows.change(connection, "update rule_state set currency = ?", currency);
        } else if (!held.equals(currency)) {
            throw new UserError("the rules of this ledger are in " + held + ", the ledger is in " + currency
                    + "; nothing was changed");
        }
    }
}
