package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.reseller.Billable;
import org.caravan.reseller.BilledProject;
import org.caravan.reseller.Client;
import org.caravan.reseller.Page;
import org.caravan.reseller.Projects;
import org.caravan.reseller.ProviderList;
import org.caravan.reseller.Providers;
import org.caravan.reseller.Reseller;
import org.caravan.reseller.ResourceNotes;
import org.caravan.reseller.Usage;

/** What a client has: the resources that it used in the open month, each once. */
final class ResourceRoutes {
    /** What a client used. */
    interface OpenUsage {
        Usage of(Client client) throws SQLException;
    }

    private final OpenUsage usage;
    private final DataSource ledger;
    private final Providers providers;
    private final ProviderList known;
    private final Projects projects;
    private final int max;

    ResourceRoutes(ResellerBackend backend, OpenUsage usage) {
        this.usage = usage;
        this.ledger = backend.ledger();
        this.providers = backend.file().providers();
        this.known = new ProviderList(backend.ledger(), providers);
        this.projects = new Projects(backend.ledger());
        this.max = backend.maxList();
    }

    void addTo(ResellerRoutes routes) {
        routes.addOfClient(ResellerCall.PROVIDER_RESOURCES, this::ofProvider)
                .addOfClient(ResellerCall.PROJECT_RESOURCES, this::ofProject);
    }

    /** A resource in its place; what it was billed at several prices is one. */
    private record Row(String marker, BilledProject project, Billable billable) {}

    private Answer ofProvider(Request request, Reseller reseller, Client client) throws SQLException {
        String id = request.variable("provider_id");
        List<BilledProject> there = projects(
                client, project -> providers.of(project.datacenter()).id().equals(id));
        if (there.isEmpty() && known.find(reseller, id).isEmpty()) {
            throw ResellerErrors.notFound("provider");
        }
        return answer(request, reseller, there);
    }

    private Answer ofProject(Request request, Reseller reseller, Client client) throws SQLException {
        String id = request.variable("project_id");
        if (projects.find(client, id).isEmpty()) {
            throw ResellerErrors.notFound("project");
        }
        return answer(
                request, reseller, projects(client, project -> project.id().equals(id)));
    }

    private List<BilledProject> projects(Client client, Predicate<BilledProject> which) throws SQLException {
        return usage.of(client).projects(which);
    }

    private Answer answer(Request request, Reseller reseller, List<BilledProject> found) throws SQLException {
        Page page = Pages.read(request, max);
        ResourceNotes notes = ResourceNotes.of(ledger, reseller, found);
        TreeMap<String, Row> all = new TreeMap<>();
        for (BilledProject project : found) {
            for (Billable billable : project.billables()) {
                String marker = String.join(
                        "|", project.id(), project.datacenter(), billable.kind().key(), billable.id());
                all.putIfAbsent(marker, new Row(marker, project, billable));
            }
        }
        if (page.marker() != null && !all.containsKey(page.marker())) {
            throw new ApiError(400, "marker: nothing of this list has this place.");
        }
        List<Row> rows = (page.marker() == null ? all : all.tailMap(page.marker(), false))
                .values().stream().limit(page.limit() + 1L).toList();
        Answer answer = ResellerJson.answer(Pages.array(page, rows, row -> json(row, notes)));
        return Pages.linked(answer, request, page, rows, Row::marker);
    }

    private ObjectNode json(Row row, ResourceNotes notes) {
        Billable billable = row.billable();
        BilledProject project = row.project();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", billable.id())
                .put("name", billable.name())
                .put("description", billable.description())
                .put("type", billable.kind().type())
                .put("resource_id", billable.resourceId())
                .put("size", billable.size())
                .put("storage_type", billable.storageType())
                .put("project_id", project.id())
                .put("provider_id", providers.of(project.datacenter()).id())
                .put("region", project.datacenter());
        JsonNode note = notes.of(project.id(), billable);
        return note == null ? json : json.set("reseller_metadata", note);
    }
}
