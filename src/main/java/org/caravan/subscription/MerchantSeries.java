package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import org.caravan.subscription.billing.MerchantInvoices;

/** Identifiers of a merchant's invoices, without a gap: what a transaction takes is given again if it is rolled back. */
final class MerchantSeries {
    private MerchantSeries() {}

    /** Takes the next identifier; the series is locked until the transaction ends. */
    static String take(Connection connection, String merchant) throws SQLException {
        String taken = EntityRows.ask(
                connection,
                """
                insert into merchant_series as s (merchant_id, next) values (?, 2)
                on conflict (merchant_id) do update set next = s.next + 1 returning next - 1
                """,
                merchant);
        return MerchantInvoices.text(Long.parseLong(taken));
    }
}
