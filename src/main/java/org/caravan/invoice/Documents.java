package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Issued documents, to read. */
public final class Documents {
    static final String HEAD = "d.id, d.key, d.number, d.kind, d.issuer, d.account, d.month, d.sequence, d.proforma,"
            + " d.currency, d.total, d.exact, d.lines, d.issued_at";

    private final DataSource dataSource;

    public Documents(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Heads of all documents of a billing month in order of kind and number, bodies left out. */
    public List<IssuedDocument> ofMonth(YearMonth month) throws SQLException {
        return query("where d.month = ? order by d.kind desc, d.number", SqlTime.month(month));
    }

    /** The document with this key. */
    public Optional<IssuedDocument> byKey(String key) throws SQLException {
        return query("where d.key = ?", key).stream().findFirst();
    }

    /** Documents with this number; one, as long as the ledger has one issuer. */
    public List<IssuedDocument> byNumber(String number) throws SQLException {
        return query("where d.number = ? order by d.issuer", number);
    }

    /**
     * The document's JSON, exactly as issued.
     *
     * @param id see {@link IssuedDocument#id()}
     * @throws IllegalArgumentException if there is none
     */
    public String body(long id) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement("select body from document where id = ?")) {
                select.setLong(1, id);
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        throw new IllegalArgumentException("no document with id " + id);
                    }
                    return row.getString(1);
                }
            }
        });
    }

    private List<IssuedDocument> query(String where, Object parameter) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select " + HEAD + " from document d " + where)) {
                select.setObject(1, parameter);
                List<IssuedDocument> found = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(IssuedDocument.of(row));
                    }
                }
                return found;
            }
        });
    }
}
