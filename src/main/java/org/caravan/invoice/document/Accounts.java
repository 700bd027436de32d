package org.caravan.invoice.document;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;

/** Who pays for whom, and how: a file, or that and what is kept in tables. Safe for concurrent use. */
public interface Accounts {
    /**
     * What holds for a billing month, read within the caller's transaction.
     *
     * @throws org.caravan.common.UserError if what is kept contradicts itself
     */
    AccountProfiles at(Connection connection, YearMonth month) throws SQLException;

    /** What the file says, whatever the month. */
    AccountProfiles file();
}
