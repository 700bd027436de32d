package org.caravan.invoice;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;

/**
 * One document with all that became of it.
 *
 * @param credited which of its lines were credited by which notes; nothing at a credit note
 * @param stops its connectors; where it was not fanned out yet, that alone
 */
public record DocumentView(IssuedDocument head, Document document, CreditedLines credited, List<Stop> stops) {
    /**
     * Where a document stands with one connector.
     *
     * @param connector null for the fan-out
     * @param reference the ERP's, or null
     * @param reason why it is not committed, or the alarm at a committed one; null if nothing is known
     */
    public record Stop(String connector, String state, int attempts, String reference, String reason) {}

    /**
     * Reads a document.
     *
     * @param name number or key
     * @throws org.caravan.common.UserError if there is none, or several
     */
    public static DocumentView of(DataSource dataSource, String name) throws SQLException {
        Documents documents = new Documents(dataSource);
        IssuedDocument head = documents.find(name);
        Document document = DocumentJson.read(documents.body(head.id()).getBytes(StandardCharsets.UTF_8));
        return Transactions.single(
                dataSource,
                connection -> new DocumentView(
                        head, document, CreditedLines.of(connection, head.id()), stops(connection, head.id())));
    }

    private static List<Stop> stops(Connection connection, long document) throws SQLException {
        String sql =
                """
                select null as connector, state, attempt, null as reference, last_error as reason
                  from outbox where document = ? and state <> 'done'
                union all
                select v.connector, v.state, v.attempt, v.reference, coalesce(h.reason, v.last_error)
                  from delivery v left join delivery_held h on h.id = v.id where v.document = ?
                 order by 1 nulls first
                """;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, document);
            select.setLong(2, document);
            List<Stop> stops = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    stops.add(new Stop(
                            row.getString(1), row.getString(2), row.getInt(3), row.getString(4), row.getString(5)));
                }
            }
            return stops;
        }
    }
}
