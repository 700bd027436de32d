package org.caravan.subscription;

import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.CreditOrder;
import org.caravan.invoice.Credits;
import org.caravan.invoice.Transactions;

/** Takes issued documents back by credit notes, which reach the connectors that the documents went to. */
public final class DocumentVoiding implements Invoices.Voiding {
    private final DataSource dataSource;
    private final Credits credits;

    public DocumentVoiding(DataSource dataSource, CloseSettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.credits = new Credits(dataSource, settings, clock);
    }

    @Override
    public void credit(String documentKey, String reason) throws SQLException {
        // a kill between credit and state, or a credit by command: nothing is left to credit
        if (isCredited(documentKey)) {
            return;
        }
        try {
            credits.credit(new CreditOrder(documentKey, null, reason));
        } catch (UserError e) {
            if (!isCredited(documentKey)) {
                throw e;
            }
        }
    }

    private boolean isCredited(String documentKey) throws SQLException {
        return Transactions.single(
                dataSource,
                connection -> EntityRows.isThere(
                        connection,
                        """
                        select from document d
                         where d.key = ? and d.lines <= (select count(*) from credit_line l where l.document = d.id)
                        """,
                        documentKey));
    }
}
