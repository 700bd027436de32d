package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;

/** Issued documents, to read. */
public final class Documents {
    static final String HEAD = "d.id, d.key, d.number, d.kind, d.issuer, d.account, d.month, d.sequence, d.proforma,"
            + " d.currency, d.total, d.exact, d.lines, d.issued_at";

    /** Numbers among which one that is written alike is looked for. */
    private static final int MAX_NUMBERS_COMPARED = 10_000;

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
     * The document that a person names.
     *
     * @param name number or key
     * @throws UserError if there is none, naming one that is written alike, or several have the number
     */
    public IssuedDocument find(String name) throws SQLException {
        List<IssuedDocument> found = byNumber(name);
        if (found.isEmpty()) {
            found = query("where d.key = ?", name);
        }
        if (found.isEmpty()) {
            throw new UserError("no document " + name + Nearest.hint(name, newestNumbers())
                    + "; caravan invoices lists the documents");
        }
        if (found.size() > 1) {
            throw new UserError("several issuers have a document " + name + "; name it by its key: "
                    + String.join(", ", found.stream().map(IssuedDocument::key).toList()));
        }
        return found.get(0);
    }

    private List<String> newestNumbers() throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "select number from document order by id desc limit " + MAX_NUMBERS_COMPARED);
                    ResultSet row = select.executeQuery()) {
                List<String> numbers = new ArrayList<>();
                while (row.next()) {
                    numbers.add(row.getString(1));
                }
                return numbers;
            }
        });
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
