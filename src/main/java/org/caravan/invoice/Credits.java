package org.caravan.invoice;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.caravan.common.LostConnection;
import org.caravan.common.UserError;
import org.caravan.invoice.document.CreditNote;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.invoice.document.DocumentKey;
import org.caravan.ledger.Buckets;
import org.caravan.ledger.LockWait;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues credit notes: note, number, outbox row and credited lines, all or nothing. Safe for concurrent use by any number
 * of hubs and commands; a line is credited once.
 *
 * <p>Usage stays as it was billed: a credit is money, and changes no entry and no month.
 *
 * <p>Locks are taken in the order of every issue: the buckets of the tenants that the invoice bears, then the invoice, which
 * only its credits lock, then the number series.
 */
public final class Credits {
    private static final Logger LOG = LoggerFactory.getLogger(Credits.class);

    /** Stands for key and number where none is given yet. */
    private static final String DRAFT = "draft";

    private final DataSource dataSource;
    private final Documents documents;
    private final CloseSettings settings;
    private final Clock clock;

    public Credits(DataSource dataSource, CloseSettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.documents = new Documents(dataSource);
        this.settings = settings;
        this.clock = clock;
    }

    private record Invoice(IssuedDocument head, Document document) {}

    /**
     * What an order would issue now; changes nothing.
     *
     * @throws UserError as {@link #credit}
     */
    public Credit preview(CreditOrder order) throws SQLException {
        Invoice invoice = find(order.invoice());
        return Transactions.single(dataSource, connection -> draft(connection, invoice, order, now()));
    }

    /**
     * Issues a credit note.
     *
     * @throws UserError if there is no such invoice, nothing is owed by it, it has no such line, a line is credited already
     *     (the note that did it is named, so an order repeated after a lost answer finds its note), or the lines by
     *     themselves would credit more than was invoiced
     * @throws SQLException if nothing was issued, after as many tries as the settings allow
     */
    public Credit credit(CreditOrder order) throws SQLException {
        Invoice invoice = find(order.invoice());
        for (int attempt = 1; ; attempt++) {
            Work work = new Work(invoice, order);
            try {
                return LockWait.call(
                        dataSource,
                        settings.lockWait(),
                        lockTimeout -> Transactions.call(dataSource, connection -> {
                            LockWait.begin(connection, lockTimeout);
                            return work.run(connection);
                        }));
            } catch (SQLException e) {
                if (attempt >= settings.attempts() || !Issue.mayPass(e)) {
                    throw e;
                }
                LOG.info("Crediting {} again after SQL state {}", invoice.head().number(), e.getSQLState());
                // The connection may have died after COMMIT was done: then the next try would find its lines taken.
                if (LostConnection.is(e) && work.isCommitted()) {
                    return work.credit;
                }
            }
        }
    }

    private Instant now() {
        return SqlTime.at(clock.instant()).toInstant();
    }

    private Invoice find(String name) throws SQLException {
        IssuedDocument head = documents.find(name);
        if (!head.isInvoice()) {
            throw new UserError(head.number() + " is a credit note itself and can't be credited; name the invoice");
        }
        if (head.proforma()) {
            throw new UserError(head.number() + " is a proforma: nothing is owed by it, so nothing can be credited");
        }
        byte[] body = documents.body(head.id()).getBytes(StandardCharsets.UTF_8);
        return new Invoice(head, DocumentJson.read(body));
    }

    private static Credit draft(Connection connection, Invoice invoice, CreditOrder order, Instant now)
            throws SQLException {
        CreditedLines credited = CreditedLines.of(connection, invoice.head().id());
        SortedSet<Integer> lines = credited.take(invoice.document(), order);
        CreditNote.Head head = new CreditNote.Head(DRAFT, DRAFT, now, order.reason());
        Document note = CreditNote.of(invoice.document(), credited.before(), lines, head);
        return new Credit(invoice.head(), null, note, lines);
    }

    /** One order at work; a try that fails leaves nothing that counts. */
    private final class Work {
        private final Invoice invoice;
        private final CreditOrder order;
        private DocumentRows.Row row;
        private Credit credit;

        Work(Invoice invoice, CreditOrder order) {
            this.invoice = invoice;
            this.order = order;
        }

        boolean isCommitted() throws SQLException {
            return row != null && row.isCommitted(dataSource);
        }

        Credit run(Connection connection) throws SQLException {
            row = null;
            RestoredLedger.requireRecovered(connection);
            IssuedDocument head = invoice.head();
            Buckets.lock(connection, buckets(connection, head.id()));
            lock(connection, head.id());
            Instant now = now();
            Credit draft = draft(connection, invoice, order, now);
            Reissue again = Reissue.of(connection, Document.Kind.CREDIT_NOTE, head.month(), List.of(head.account()));
            Reissue.Name name = again.name(head.account()).orElse(null);
            if (name == null) {
                name = next(connection, head, now);
            }
            BigDecimal total = draft.document().total();
            again.difference(head.account(), head.currency(), total).ifPresent(reason -> {
                throw new UserError(reason);
            });
            Document note = Draft.numbered(draft.document(), name.key(), name.number());
            try (DocumentRows rows = new DocumentRows(connection, now)) {
                row = rows.add(DocumentRows.ids(connection, 1).get(0), note, name.sequence(), head.id());
                rows.write();
            }
            again.issued(connection, head.account(), row.document().id(), total, now);
            take(connection, head.id(), draft.lines(), row.document().id());
            credit = new Credit(head, row.document(), note, draft.lines());
            return credit;
        }
    }

    /** The name of a credit note that is a new one. */
    private static Reissue.Name next(Connection connection, IssuedDocument head, Instant now) throws SQLException {
        int sequence = 1
                + DocumentRows.sequences(connection, head.issuer(), List.of(head.account()), head.month())
                        .get(head.account());
        // An accountant files a credit note in the year it is issued: that of its invoice may be closed.
        YearMonth issued = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        NumberSeries series = NumberSeries.of(head.issuer(), Document.Kind.CREDIT_NOTE, false, issued);
        return new Reissue.Name(
                series.text(series.take(connection, 1)),
                DocumentKey.of(head.issuer(), head.account(), head.month(), sequence),
                sequence);
    }

    /** The buckets of the tenants whose months the invoice bears. */
    private static TreeSet<Integer> buckets(Connection connection, long invoice) throws SQLException {
        String sql =
                "select distinct t.bucket from month m join tenant t on t.id = m.tenant where m.document = ? order by 1";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, invoice);
            TreeSet<Integer> buckets = new TreeSet<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    buckets.add(rows.getInt(1));
                }
            }
            return buckets;
        }
    }

    /** Credits of one invoice come one after the other, whatever tenants are tied to its account by then. */
    private static void lock(Connection connection, long invoice) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select from document where id = ? for no key update")) {
            select.setLong(1, invoice);
            select.executeQuery().close();
        }
    }

    private static void take(Connection connection, long invoice, SortedSet<Integer> lines, long note)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into credit_line (document, line, note) select ?, line, ? from unnest(?) as taken(line)")) {
            insert.setLong(1, invoice);
            insert.setLong(2, note);
            insert.setArray(3, connection.createArrayOf("int4", new ArrayList<>(lines).toArray()));
            insert.executeUpdate();
        }
    }
}
