package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** Checks of what a thing refers to. What is of another merchant is not there. */
final class References {
    private References() {}

    /** A currency's name as the ledger writes it. */
    static String currency(Connection connection, String field, String name) throws SQLException {
        return word(
                connection, field, "currency", name, "is no currency here; an operator adds it with POST /currencies");
    }

    /** A language's name as the ledger writes it. */
    static String language(Connection connection, String field, String name) throws SQLException {
        return word(
                connection, field, "language", name, "is no language here; an operator adds it with POST /languages");
    }

    private static String word(Connection connection, String field, String table, String name, String otherwise)
            throws SQLException {
        String known = name.strip().toLowerCase(Locale.ROOT);
        if (!EntityRows.isThere(connection, "select from " + table + " where name = ?", known)) {
            throw Refusal.invalid(field, otherwise);
        }
        return known;
    }

    /** Sees to it that a merchant is there, and stays so until the transaction ends. */
    static void merchant(Connection connection, String id) throws SQLException {
        if (EntityRows.ask(connection, "select id from merchant where id = ? and deleted_at is null for share", id)
                == null) {
            throw Refusal.notFound("Merchant");
        }
    }

    /**
     * Sees to it that something of a merchant is there, and stays so until the transaction ends.
     *
     * @param table customer, plan or product
     */
    static void within(Connection connection, String field, String table, String merchant, String id)
            throws SQLException {
        if (EntityRows.ask(
                        connection,
                        "select id from " + table
                                + " where id = ? and merchant_id = ? and deleted_at is null for share",
                        id,
                        merchant)
                == null) {
            throw Refusal.invalid(field, "is no " + table + " of this merchant");
        }
    }

    /** Refuses what is still to be billed or was billed. */
    static void notBilled(Connection connection, String word, String column, String id) throws SQLException {
        if (EntityRows.isThere(
                connection, "select from subscription where " + column + " = ? and ended_at is null", id)) {
            throw Refusal.inUse(word + " has open subscriptions; end them first.");
        }
        if (EntityRows.isThere(connection, "select from invoice_status where " + column + " = ?", id)
                || EntityRows.isThere(
                        connection, "select from manual_invoice where " + column + " = ? and state <> 'draft'", id)) {
            throw Refusal.inUse(word + " has issued invoices, which must stay.");
        }
    }
}
