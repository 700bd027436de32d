package org.caravan.invoice.hold;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Finds what holds a month. Stateless; safe for concurrent use. */
public interface HoldRule {
    /**
     * Reads, within the caller's transaction, what holds the month; changes nothing.
     *
     * @return empty if nothing does; never null
     */
    List<Hold> find(Connection connection, HoldScope scope) throws SQLException;
}
