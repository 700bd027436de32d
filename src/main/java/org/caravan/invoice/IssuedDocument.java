package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import org.caravan.invoice.document.Document;

/**
 * The head of an issued document, as the ledger keeps it beside the document's JSON.
 *
 * @param id the ledger's id
 * @param key what connectors know it by
 * @param number of its series
 * @param kind invoice or credit-note
 * @param issuer who issued it
 * @param account who pays
 * @param month billed month
 * @param sequence n-th document of this account and month, from 1
 * @param proforma true if it is no invoice
 * @param currency ISO 4217
 * @param total rounded
 * @param exact the unrounded sum of its lines
 * @param lines number of lines
 * @param issuedAt when, by the ledger's clock
 */
public record IssuedDocument(
        long id,
        String key,
        String number,
        String kind,
        String issuer,
        String account,
        YearMonth month,
        int sequence,
        boolean proforma,
        String currency,
        BigDecimal total,
        BigDecimal exact,
        int lines,
        Instant issuedAt) {
    /** False for a credit note. */
    public boolean isInvoice() {
        return kind.equals(Document.Kind.INVOICE.code());
    }

    /** Reads the columns of table document. */
    static IssuedDocument of(ResultSet row) throws SQLException {
        return new IssuedDocument(
                row.getLong("id"),
                row.getString("key"),
                row.getString("number"),
                row.getString("kind"),
                row.getString("issuer"),
                row.getString("account"),
                SqlTime.month(row, "month"),
                row.getInt("sequence"),
                row.getBoolean("proforma"),
                row.getString("currency"),
                row.getBigDecimal("total"),
                row.getBigDecimal("exact"),
                row.getInt("lines"),
                SqlTime.instant(row, "issued_at"));
    }
}
