package org.caravan.reseller;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.ProjectTotals;
import org.caravan.subscription.billing.PlanPrices;

/** Documents by project. Every figure is the document's, and all of it is some project's, or the client's own. */
final class DocumentProjects {
    private final Kinds kinds;
    private final Client client;

    DocumentProjects(Kinds kinds, Client client) {
        this.kinds = kinds;
        this.client = client;
    }

    /**
     * @param known ids of the client's projects
     * @param prices of the plans that made it
     */
    List<BilledProject> of(Document document, Set<String> known, PlanPrices prices) {
        Billables billables = new Billables(kinds, document, prices);
        List<BilledProject> projects = new ArrayList<>();
        List<ProjectTotals.Project> found = ProjectTotals.of(document);
        // where some items say whose they are, what says nothing is nobody's
        String unsaid = found.stream().anyMatch(project -> project.tenant() != null) ? null : only(document, known);
        for (ProjectTotals.Project project : found) {
            String tenant = project.tenant() == null ? unsaid : project.tenant();
            projects.add(new BilledProject(
                    tenant == null ? client.id() : tenant,
                    tenant == null ? client.name() : tenant,
                    project.datacenter(),
                    project.total(),
                    project.entities().stream().map(billables::of).toList()));
        }
        return projects;
    }

    /** The one tenant of a document that names none at its items; null if it is nobody's. */
    private static String only(Document document, Set<String> known) {
        Set<String> tenants = document.tenants().isEmpty() ? known : new HashSet<>(document.tenants());
        return tenants.size() == 1 ? tenants.iterator().next() : null;
    }

    /** True if some price of it was made by tiers of a plan. */
    static boolean mayBeTiered(Document document) {
        return document.sections().stream()
                .flatMap(section -> section.lines().stream())
                .anyMatch(line -> PlanPrices.concerns(line.note())
                        && line.items().stream().anyMatch(item -> item.unitPrice() == null));
    }
}
