package org.caravan.reseller;

import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.Document;
import org.caravan.subscription.billing.PlanPrices;

/** What clients used in the open month, as the documents show it that closing would make now. */
public final class ClientUsage {
    private final DataSource dataSource;
    private final OpenBill bill;
    private final Kinds kinds;
    private final Clock clock;

    public ClientUsage(DataSource dataSource, OpenBill bill, Kinds kinds, Clock clock) {
        this.dataSource = dataSource;
        this.bill = bill;
        this.kinds = kinds;
        this.clock = clock;
    }

    /** All that a client used since the month began, up to the last committed batch. */
    public Usage of(Client client) throws SQLException {
        YearMonth month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        List<Document> documents = bill.of(client, month);
        boolean tiered = documents.stream().anyMatch(DocumentProjects::mayBeTiered);
        return Transactions.single(dataSource, connection -> {
            Set<String> known = ProjectDays.of(connection, client).in(month);
            PlanPrices prices = tiered ? PlanPrices.of(connection, client.id()) : PlanPrices.none();
            DocumentProjects reader = new DocumentProjects(kinds, client);
            return new Usage(
                    BillingPeriod.of(client, month),
                    documents.stream()
                            .map(document -> new Usage.Bill(document, reader.of(document, known, prices)))
                            .toList(),
                    known);
        });
    }
}
