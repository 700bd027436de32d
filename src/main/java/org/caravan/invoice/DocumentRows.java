package org.caravan.invoice;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;

/** New documents with their outbox rows, written in one batch within the transaction that issues them. */
final class DocumentRows implements AutoCloseable {
    private static final String DOCUMENT =
            """
            insert into document (id, key, number, kind, issuer, account, month, sequence, proforma, currency, total, exact,
                                  lines, body, digest, issued_at, corrects, at_close)
            overriding system value values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final Instant now;
    private final PreparedStatement documents;
    private final PreparedStatement outbox;

    /** @param now when the documents are issued */
    DocumentRows(Connection connection, Instant now) throws SQLException {
        this.now = now;
        this.documents = connection.prepareStatement(DOCUMENT);
        this.outbox = connection.prepareStatement("insert into outbox (document, due_at, updated_at) values (?, ?, ?)");
    }

    /** A document as it was written. */
    record Row(IssuedDocument document, byte[] digest) {
        /** Was the transaction committed whose answer was lost? The document's digest is nobody else's. */
        boolean isCommitted(DataSource dataSource) throws SQLException {
            return Transactions.single(dataSource, connection -> {
                try (PreparedStatement select =
                        connection.prepareStatement("select from document where id = ? and key = ? and digest = ?")) {
                    select.setLong(1, document.id());
                    select.setString(2, document.key());
                    select.setBytes(3, digest);
                    try (ResultSet row = select.executeQuery()) {
                        return row.next();
                    }
                }
            });
        }
    }

    /**
     * Takes a document into the batch.
     *
     * @param id one of {@link #ids}
     * @param sequence n-th document of its account and month
     * @param corrects id of the document that it corrects, or null
     */
    Row add(long id, Document document, int sequence, Long corrects) throws SQLException {
        return add(id, document, sequence, corrects, BigDecimal.ZERO);
    }

    /**
     * Takes a document into the batch.
     *
     * @param atClose what was added to the amounts of the entries, in the rating currency
     */
    Row add(long id, Document document, int sequence, Long corrects, BigDecimal atClose) throws SQLException {
        byte[] body = DocumentJson.write(document);
        byte[] digest = sha256(body);
        documents.setLong(1, id);
        documents.setString(2, document.key());
        documents.setString(3, document.number());
        documents.setString(4, document.kind().code());
        documents.setString(5, document.issuer());
        documents.setString(6, document.account());
        documents.setObject(7, SqlTime.month(document.month()));
        documents.setInt(8, sequence);
        documents.setBoolean(9, document.proforma());
        documents.setString(10, document.currency());
        documents.setBigDecimal(11, document.total());
        documents.setBigDecimal(12, document.exact());
        documents.setInt(13, document.lines());
        documents.setString(14, new String(body, StandardCharsets.UTF_8));
        documents.setBytes(15, digest);
        documents.setObject(16, SqlTime.at(now));
        documents.setObject(17, corrects, Types.BIGINT);
        documents.setBigDecimal(18, atClose);
        documents.addBatch();
        outbox.setLong(1, id);
        outbox.setObject(2, SqlTime.at(now));
        outbox.setObject(3, SqlTime.at(now));
        outbox.addBatch();
        IssuedDocument issued = new IssuedDocument(
                id,
                document.key(),
                document.number(),
                document.kind().code(),
                document.issuer(),
                document.account(),
                document.month(),
                sequence,
                document.proforma(),
                document.currency(),
                document.total(),
                document.exact(),
                document.lines(),
                SqlTime.at(now).toInstant());
        return new Row(issued, digest);
    }

    void write() throws SQLException {
        documents.executeBatch();
        outbox.executeBatch();
    }

    @Override
    public void close() throws SQLException {
        documents.close();
        outbox.close();
    }

    /** Ids are drawn before the rows, so that the rows go in one batch. They may have gaps; numbers may not. */
    static List<Long> ids(Connection connection, int count) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select nextval(pg_get_serial_sequence('document', 'id')) from generate_series(1, ?)")) {
            select.setInt(1, count);
            List<Long> ids = new ArrayList<>(count);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            return ids;
        }
    }

    /** How many documents each account has in the month already; one that is to be issued again counts. */
    static Map<String, Integer> sequences(
            Connection connection, String issuer, Collection<String> accounts, YearMonth month) throws SQLException {
        String sql =
                """
                select account, max(sequence)
                  from (select account, sequence from document where issuer = ? and month = ?
                         union all select account, sequence from recovered where month = ? and document is null) as n
                 where account = any (?) group by account
                """;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, issuer);
            select.setObject(2, SqlTime.month(month));
            select.setObject(3, SqlTime.month(month));
            select.setArray(4, connection.createArrayOf("text", accounts.toArray()));
            Map<String, Integer> sequences = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sequences.put(row.getString(1), row.getInt(2));
                }
            }
            return sequences;
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
