package org.caravan.reseller;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.subscription.billing.PlanPrices;

/** Issued invoices of clients, answered from their documents. */
public final class ClientInvoices {
    private static final String COLUMNS =
            """
            select md5(s.document_key)::uuid::text as id, d.body, s.processed, s.paid,
                   (select -sum(n.total) from document n where n.corrects = d.id) as credited
            """;

    private static final String FROM =
            """
              from invoice_status s join document d on d.key = s.document_key
             where s.customer_id = ? and d.kind = 'invoice' and not d.proforma
            """;

    private static final String NEWEST = "order by d.month desc, d.sequence desc limit ";

    private final DataSource dataSource;
    private final Kinds kinds;

    public ClientInvoices(DataSource dataSource, Kinds kinds) {
        this.dataSource = dataSource;
        this.kinds = kinds;
    }

    /** Places of the newest ones, the newest first: so many that all of them may be too long to be in hand. */
    public List<Long> newest(Client client, int limit) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement("select d.id" + FROM + NEWEST + limit)) {
                select.setString(1, client.id());
                List<Long> places = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        places.add(row.getLong(1));
                    }
                }
                return places;
            }
        });
    }

    /** The newest one; empty if the client has none. */
    public Optional<ClientInvoice> last(Client client) throws SQLException {
        return one(client, NEWEST + 1, null);
    }

    /** The one of a place that {@link #newest} named, which stays: nothing issued is ever taken out. */
    public ClientInvoice at(Client client, long place) throws SQLException {
        return one(client, "and d.id = ?", place).orElseThrow();
    }

    /** @return empty if the client has none of this id */
    public Optional<ClientInvoice> find(Client client, String id) throws SQLException {
        return one(client, "and md5(s.document_key)::uuid::text = ?", id);
    }

    private record Row(String id, Document document, boolean processed, boolean paid, BigDecimal credited) {}

    /** @param value of the condition; null where it has none */
    private Optional<ClientInvoice> one(Client client, String condition, Object value) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            Row found = row(connection, client, condition, value);
            if (found == null) {
                return Optional.empty();
            }
            boolean tiered = DocumentProjects.mayBeTiered(found.document());
            return Optional.of(invoice(
                    client,
                    found,
                    ProjectDays.of(connection, client),
                    tiered ? PlanPrices.of(connection, client.id()) : PlanPrices.none()));
        });
    }

    private static Row row(Connection connection, Client client, String condition, Object value) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + FROM + condition)) {
            select.setString(1, client.id());
            if (value != null) {
                select.setObject(2, value);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new Row(
                                row.getString(1),
                                DocumentJson.read(row.getString(2).getBytes(StandardCharsets.UTF_8)),
                                row.getBoolean(3),
                                row.getBoolean(4),
                                row.getBigDecimal(5))
                        : null;
            }
        }
    }

    private ClientInvoice invoice(Client client, Row row, ProjectDays days, PlanPrices prices) {
        Document document = row.document();
        Set<String> known = days.in(document.month());
        List<BilledProject> projects = new ArrayList<>(new DocumentProjects(kinds, client).of(document, known, prices));
        Set<String> used = projects.stream().map(BilledProject::id).collect(Collectors.toSet());
        for (String project : known) {
            if (!used.contains(project)) {
                projects.add(new BilledProject(project, project, "", BigDecimal.ZERO, List.of(Billables.nothing())));
            }
        }
        BillingPeriod period = BillingPeriod.of(client, document.month());
        return new ClientInvoice(
                row.id(),
                client,
                document,
                period.from(),
                period.until(),
                row.processed(),
                row.paid(),
                row.credited(),
                projects);
    }
}
