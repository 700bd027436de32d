package org.caravan.invoice.hold;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.caravan.invoice.RestoredLedger;

/** A ledger that was put back from a backup closes nothing before it is recovered, whoever orders it. */
public record RestoredHold() implements HoldRule {
    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        return RestoredLedger.waiting(connection)
                .map(waiting -> List.of(new Hold("restored", false, null, waiting.reason(), waiting.remedy())))
                .orElse(List.of());
    }
}
