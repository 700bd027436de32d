package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * The way of credit notes: they follow their invoice. They go to the connectors that got it, whatever the route or the
 * profile would choose now, and to each of them after the invoice is committed there, as no ERP can link a credit note to
 * an invoice that it does not have. The view {@code delivery_held} says which deliveries wait for that.
 */
final class CreditFanOut {
    /** SQL: a row of outbox is not of a credit note whose invoice is about to be fanned out itself. */
    static final String NOT_BEFORE_ITS_INVOICE =
            """
            not exists (select from document n join outbox i on i.document = n.corrects
                         where n.id = outbox.document and i.state in ('pending', 'fanning'))""";

    /** SQL: a row of delivery is not held back. */
    static final String NOT_HELD = "not exists (select from delivery_held where delivery_held.id = delivery.id)";

    /** Why a credit note is parked that has nowhere to follow. */
    static final String NOWHERE =
            "no connector got the invoice that it corrects; see to the invoice's own fan-out, then retry this one";

    private CreditFanOut() {}

    /** The connectors that got the invoice which a credit note corrects; empty if none did. */
    static Set<String> connectors(DataSource dataSource, long note) throws SQLException {
        String sql =
                "select v.connector from document n join delivery v on v.document = n.corrects where n.id = ? order by 1";
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setLong(1, note);
                Set<String> connectors = new TreeSet<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        connectors.add(row.getString(1));
                    }
                }
                return connectors;
            }
        });
    }
}
