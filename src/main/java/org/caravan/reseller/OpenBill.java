package org.caravan.reseller;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import org.caravan.invoice.document.Document;

/** What closing would issue now. */
public interface OpenBill {
    /**
     * The documents of one client, as things stand; at least one, which may be empty.
     *
     * @throws org.caravan.common.UserError if the client can't be billed as things are
     */
    List<Document> of(Client client, YearMonth month) throws SQLException;
}
