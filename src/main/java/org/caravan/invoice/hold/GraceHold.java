package org.caravan.invoice.hold;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A month waits a while after its end for late usage. */
public record GraceHold(Duration grace) implements HoldRule {
    @Override
    public List<Hold> find(Connection connection, HoldScope scope) {
        Instant until = scope.end().plus(grace);
        if (!until.isAfter(scope.now())) {
            return List.of();
        }
        return List.of(new Hold(
                "grace",
                true,
                null,
                scope.month() + " waits for late usage until " + until,
                "wait, or shorten caravan.close.grace"));
    }
}
