package org.caravan.reseller;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentShare;
import org.caravan.subscription.billing.PlanPrices;

/**
 * What was invoiced, in the order of months and of issue, part by part: a page of invoices, or one invoice with its items, is
 * all that is in hand. Figures are those of the documents. Between two parts nothing is open.
 */
public final class BillingReport {
    private final DataSource dataSource;
    private final ResellerFile file;
    private final Reseller reseller;
    private final ReportQuery query;
    private final ReportInvoices own;
    private final ReportInvoices remote;

    /** The reseller's clouds by datacenter, of which it sees what others' clients have there. */
    private final Map<String, Provider> clouds = new TreeMap<>();

    private final Deque<ReportInvoices.Found> waiting = new ArrayDeque<>();
    private boolean isRemote;

    public BillingReport(DataSource dataSource, ResellerFile file, Reseller reseller, ReportQuery query) {
        this.dataSource = dataSource;
        this.file = file;
        this.reseller = reseller;
        this.query = query;
        this.own = new ReportInvoices(dataSource, query);
        this.remote = new ReportInvoices(dataSource, query);
        for (Provider provider : file.providers().described()) {
            if (provider.isOf(reseller)) {
                provider.datacenters().forEach(name -> clouds.put(name, provider));
            }
        }
    }

    /**
     * The next rows.
     *
     * @return null at the end; empty where what was looked at has none
     */
    public List<ReportRow> next() throws SQLException {
        if (waiting.isEmpty() && !fill()) {
            return null;
        }
        List<ReportRow> rows = new ArrayList<>();
        if (waiting.isEmpty()) {
            return rows;
        }
        if (isRemote) {
            remote(waiting.remove(), rows);
        } else if (query.detail()) {
            detailed(waiting.remove(), rows);
        } else {
            waiting.forEach(found -> rows.add(row(found)));
            waiting.clear();
        }
        return rows;
    }

    /** False at the end. */
    private boolean fill() throws SQLException {
        List<ReportInvoices.Found> page = isRemote ? null : own.next(query.all() ? null : reseller.id());
        if (page == null) {
            // whoever sees all resellers sees these invoices whole
            isRemote = query.federated() && !query.all() && !clouds.isEmpty();
            page = isRemote ? remote.nextAt(reseller.id(), clouds.keySet()) : null;
        }
        if (page == null) {
            return false;
        }
        waiting.addAll(page);
        return true;
    }

    private ReportRow row(ReportInvoices.Found found) {
        return new ReportRow(found.invoice(), found.figures(), providers(found.datacenters()), null, null, null);
    }

    private String providers(Collection<String> datacenters) {
        if (!query.federated()) {
            return null;
        }
        return datacenters.stream()
                .filter(name -> !name.isEmpty())
                .map(name -> file.providers().of(name).name())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private void detailed(ReportInvoices.Found found, List<ReportRow> rows) throws SQLException {
        rows.add(row(found));
        items(found, projects(found, own.document(found)), null, rows);
    }

    private void items(ReportInvoices.Found found, List<BilledProject> projects, String provider, List<ReportRow> rows)
            throws SQLException {
        Client client = found.invoice().client();
        Reseller owner = new Reseller(client.reseller(), found.invoice().reseller(), false);
        ResourceNotes notes = ResourceNotes.of(dataSource, isRemote ? reseller : owner, projects);
        for (BilledProject project : projects) {
            String at = provider == null ? providers(Set.of(project.datacenter())) : provider;
            for (Billable item : project.billables()) {
                rows.add(new ReportRow(found.invoice(), null, at, project, item, notes.of(project.id(), item)));
            }
        }
    }

    /** The part of another reseller's invoice that is at this one's clouds, and nothing else of it. */
    private void remote(ReportInvoices.Found found, List<ReportRow> rows) throws SQLException {
        Document document = remote.document(found);
        Map<String, List<BilledProject>> byCloud = new TreeMap<>();
        for (BilledProject project : projects(found, document)) {
            Provider provider = clouds.get(project.datacenter());
            if (provider != null) {
                byCloud.computeIfAbsent(provider.id(), id -> new ArrayList<>()).add(project);
            }
        }
        for (Map.Entry<String, List<BilledProject>> cloud : byCloud.entrySet()) {
            BigDecimal subtotal =
                    cloud.getValue().stream().map(BilledProject::total).reduce(BigDecimal.ZERO, BigDecimal::add);
            String name = clouds.get(cloud.getValue().get(0).datacenter()).name();
            ReportRow.Figures figures = ReportRow.Figures.of(
                    document.subtotal().compareTo(subtotal) == 0
                            ? DocumentShare.whole(document)
                            : DocumentShare.of(document, subtotal));
            rows.add(new ReportRow(withoutMetadata(found.invoice()), figures, name, null, null, null));
            if (query.detail()) {
                items(found, cloud.getValue(), name, rows);
            }
        }
    }

    /** What another reseller keeps of its client is its own. */
    private static ReportRow.Invoice withoutMetadata(ReportRow.Invoice of) {
        return new ReportRow.Invoice(
                of.id(),
                of.client(),
                of.test(),
                of.subscription(),
                of.first(),
                of.last(),
                of.paid(),
                "{}",
                of.reseller());
    }

    private List<BilledProject> projects(ReportInvoices.Found found, Document document) throws SQLException {
        Client client = found.invoice().client();
        return Transactions.single(dataSource, connection -> {
            Set<String> known = new TreeSet<>(ProjectDays.of(connection, client).in(document.month()));
            PlanPrices prices =
                    DocumentProjects.mayBeTiered(document) ? PlanPrices.of(connection, client.id()) : PlanPrices.none();
            return new DocumentProjects(file.kinds(), client).of(document, known, prices);
        });
    }
}
