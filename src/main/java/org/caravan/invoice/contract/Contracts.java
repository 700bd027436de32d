package org.caravan.invoice.contract;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.caravan.invoice.hold.HoldRule;

/** Whoever keeps contracts. Safe for concurrent use. */
public interface Contracts {
    /** Rules that hold a month, beside those of the policy. */
    List<HoldRule> rules();

    /** The months before one in which something is due that no document bears, whether there was usage or not. */
    SortedSet<YearMonth> due(Connection connection, YearMonth before) throws SQLException;

    /**
     * What holds for a billing month, read within the caller's transaction: the snapshot that usage is read from, or the
     * transaction that issues.
     */
    Terms terms(Connection connection, YearMonth month, Instant now) throws SQLException;

    /** Nobody has any. */
    static Contracts none() {
        return new Contracts() {
            @Override
            public List<HoldRule> rules() {
                return List.of();
            }

            @Override
            public SortedSet<YearMonth> due(Connection connection, YearMonth before) {
                return Collections.unmodifiableSortedSet(new TreeSet<>());
            }

            @Override
            public Terms terms(Connection connection, YearMonth month, Instant now) {
                return Terms.none();
            }
        };
    }
}
