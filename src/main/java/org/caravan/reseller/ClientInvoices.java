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
    private static final String INVOICES =
            """
            select md5(s.document_key)::uuid::text as id, d.body, s.processed, s.paid,
                   (select -sum(n.total) from document n where n.corrects = d.id) as credited
              from invoice_status s join document d on d.key = s.document_key
             where s.customer_id = ? and d.kind = 'invoice' and not d.proforma
            """;

    private final DataSource dataSource;
    private final Kinds kinds;

    public ClientInvoices(DataSource dataSource, Kinds kinds) {
        this.dataSource = dataSource;
        this.kinds = kinds;
    }

    /** The newest ones, the newest first. */
    public List<ClientInvoice> newest(Client client, int limit) throws SQLException {
        return Transactions.single(
                dataSource,
                connection -> read(
                        connection,
                        client,
                        "order by d.month desc, d.sequence desc limit " + Math.max(0, limit),
                        null));
    }

    /** @return empty if the client has none of this id */
    public Optional<ClientInvoice> find(Client client, String id) throws SQLException {
        return Transactions.single(
                dataSource,
                connection -> read(connection, client, "and md5(s.document_key)::uuid::text = ?", id).stream()
                        .findFirst());
    }

    private record Row(String id, Document document, boolean processed, boolean paid, BigDecimal credited) {}

    private List<ClientInvoice> read(Connection connection, Client client, String more, String id) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(INVOICES + more)) {
            select.setString(1, client.id());
            if (id != null) {
                select.setString(2, id);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            row.getString(1),
                            DocumentJson.read(row.getString(2).getBytes(StandardCharsets.UTF_8)),
                            row.getBoolean(3),
                            row.getBoolean(4),
                            row.getBigDecimal(5)));
                }
            }
        }
        if (rows.isEmpty()) {
            return List.of();
        }
        ProjectDays days = ProjectDays.of(connection, client);
        boolean tiered = rows.stream().anyMatch(row -> DocumentProjects.mayBeTiered(row.document()));
        PlanPrices prices = tiered ? PlanPrices.of(connection, client.id()) : PlanPrices.none();
        List<ClientInvoice> invoices = new ArrayList<>();
        for (Row row : rows) {
            invoices.add(invoice(client, row, days, prices));
        }
        return invoices;
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
