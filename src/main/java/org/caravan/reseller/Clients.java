package org.caravan.reseller;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;

/** Customers as clients. Those that were deleted are found, too: their invoices stay. */
public final class Clients {
    /** Of each client the contact that it names, else its first. */
    static final String COLUMNS =
            """
            c.id, c.merchant_id, coalesce(c.title, c.name) as name, i.email, c.account, c.currency, c.created_at, c.deleted_at
            """;

    static final String CONTACT =
            """
             left join lateral (select email from contact_info i where i.customer_id = c.id
                                 order by i.id is not distinct from c.default_info desc, i.place limit 1) i on true
            """;

    static final String FROM = " from customer c" + CONTACT;

    private final DataSource dataSource;

    public Clients(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @return empty if there is none of this id, or it is another reseller's */
    public Optional<Client> find(Reseller reseller, String id) throws SQLException {
        return Transactions.single(dataSource, connection -> find(connection, reseller, id));
    }

    private static Optional<Client> find(Connection connection, Reseller reseller, String id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select " + COLUMNS + FROM + " where c.merchant_id = ? and c.id = ?")) {
            select.setString(1, reseller.id());
            select.setString(2, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    static Client read(ResultSet row) throws SQLException {
        return new Client(
                row.getString("id"),
                row.getString("merchant_id"),
                row.getString("name"),
                row.getString("email"),
                row.getString("account"),
                row.getString("currency").toUpperCase(Locale.ROOT),
                SqlTime.instant(row, "created_at"),
                SqlTime.instant(row, "deleted_at"));
    }
}
