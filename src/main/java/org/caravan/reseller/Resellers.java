package org.caravan.reseller;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** Merchants as resellers. */
public final class Resellers {
    private final DataSource dataSource;

    public Resellers(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The reseller that a key speaks for.
     *
     * @param all see {@link Reseller#all}
     * @return empty if its merchant is there no more
     */
    public Optional<Reseller> find(String id, boolean all) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select name from merchant where id = ? and deleted_at is null")) {
                select.setString(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(new Reseller(id, row.getString(1), all)) : Optional.empty();
                }
            }
        });
    }
}
