package org.caravan.subscription.billing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;

/**
 * Invoices of merchants, beside their documents: state and identifier. An identifier is taken in the transaction that issues,
 * whose last lock is the merchant's series, so one that is rolled back is taken by the next.
 */
public final class MerchantInvoices {
    /** Issued, not paid yet. */
    public static final String PENDING = "pending";

    private MerchantInvoices() {}

    /** The state that an issued invoice begins with; one that has a state already keeps it. */
    static void begin(
            Connection connection, String merchant, String customer, String document, Instant due, Instant now)
            throws SQLException {
        if (isKnown(connection, document)) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into invoice_status (document_key, merchant_id, customer_id, identifier, state, due, updated_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, document);
            insert.setString(2, merchant);
            insert.setString(3, customer);
            insert.setString(4, text(next(connection, merchant)));
            insert.setString(5, PENDING);
            insert.setObject(6, PlanBinding.at(due));
            insert.setObject(7, PlanBinding.at(now));
            insert.executeUpdate();
        }
    }

    private static boolean isKnown(Connection connection, String document) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select from invoice_status where document_key = ?")) {
            select.setString(1, document);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static long next(Connection connection, String merchant) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into merchant_series as s (merchant_id, next) values (?, 2)
                    on conflict (merchant_id) do update set next = s.next + 1
                returning next - 1
                """)) {
            insert.setString(1, merchant);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** An identifier as people read it. */
    public static String text(long number) {
        return String.format(Locale.ROOT, "%06d", number);
    }
}
