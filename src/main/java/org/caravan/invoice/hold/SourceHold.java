package org.caravan.invoice.hold;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.ledger.Sources;

/** A configured source whose usage of the month may not all be in the ledger yet. */
public record SourceHold() implements HoldRule {
    private static final String KIND = "source";

    /** True if a hold is of this rule: then it is one of every later month, too. */
    public static boolean isOne(Hold hold) {
        return hold.kind().equals(KIND);
    }

    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        List<Hold> holds = new ArrayList<>();
        for (Sources.Source source : Sources.list(connection)) {
            if (source.configured()
                    && (source.ratedUntil() == null || source.ratedUntil().isBefore(scope.end()))) {
                String how = source.ratedUntil() == null
                        ? "has never reported how far it is rated"
                        : "is rated until " + source.ratedUntil();
                String error = source.lastError() == null ? "" : " (its last error: " + source.lastError() + ")";
                holds.add(new Hold(
                        KIND,
                        true,
                        null,
                        "source " + source.name() + " " + how + ", not until the end of " + scope.month() + error,
                        "let it catch up, or say that it is complete: caravan sources done " + source.name() + " "
                                + scope.month()));
            }
        }
        return holds;
    }
}
