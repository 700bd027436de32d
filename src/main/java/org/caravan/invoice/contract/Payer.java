package org.caravan.invoice.contract;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.caravan.invoice.document.AccountProfiles;

/**
 * Somebody who pays, asked for alone: what it takes to bill it, read without looking at anybody else.
 */
public interface Payer {
    /** What holds for a billing month, read within the snapshot that usage is read from. */
    Book read(Connection snapshot, YearMonth month, Instant now) throws SQLException;

    /**
     * Everything that closing would know of the payer.
     *
     * @param profiles those of its accounts and tenants
     * @param terms its contracts
     * @param tenants ids of the tenants whose usage it pays for
     * @param account the one that it is known by, billed where nothing was used
     * @param accounts all that are billed to it, {@code account} included
     */
    record Book(
            AccountProfiles profiles, Terms terms, Collection<Integer> tenants, String account, Set<String> accounts) {
        public Book {
            tenants = List.copyOf(tenants);
            accounts = Set.copyOf(accounts);
        }
    }
}
