package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.common.UserError;
import org.caravan.reseller.Billable;
import org.caravan.reseller.BilledProject;
import org.caravan.reseller.Client;
import org.caravan.reseller.ClientUsage;
import org.caravan.reseller.Currencies;
import org.caravan.reseller.Projects;
import org.caravan.reseller.Provider;
import org.caravan.reseller.ProviderList;
import org.caravan.reseller.Providers;
import org.caravan.reseller.Reseller;
import org.caravan.reseller.ResourceNotes;
import org.caravan.reseller.Usage;
import org.caravan.reseller.UsageTotals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Usage of a client in the open month: all of it, on one provider, of one project. */
final class UsageRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(UsageRoutes.class);

    private final ResellerBackend backend;
    private final ClientUsage usage;
    private final Projects projects;
    private final Providers providers;
    private final ProviderList known;
    private final Currencies currencies;

    UsageRoutes(ResellerBackend backend) {
        this.backend = backend;
        this.usage =
                new ClientUsage(backend.ledger(), backend.bill(), backend.file().kinds(), backend.clock());
        this.projects = new Projects(backend.ledger());
        this.providers = backend.file().providers();
        this.known = new ProviderList(backend.ledger(), providers);
        this.currencies = new Currencies(backend.ledger(), backend.currency(), backend.clock());
    }

    void addTo(ResellerRoutes routes) {
        routes.addOfClient(ResellerCall.CLIENT_USAGE, this::ofClient)
                .addOfClient(ResellerCall.PROVIDER_USAGE, this::ofProvider)
                .addOfClient(ResellerCall.PROJECT_USAGE, this::ofProject);
    }

    private Answer ofClient(Request request, Reseller reseller, Client client) throws SQLException {
        Usage found = usage(client);
        ResourceNotes notes = notes(reseller, found.projects(project -> true));
        Map<String, Provider> used = new TreeMap<>();
        for (BilledProject project : found.projects(project -> true)) {
            Provider provider = providers.of(project.datacenter());
            used.put(provider.id(), provider);
        }
        ObjectNode json = start(found);
        ArrayNode list = json.putArray("providers");
        used.values().forEach(provider -> list.add(named(provider).set("projects", on(found, provider.id(), notes))));
        return end(json, reseller, found, project -> true);
    }

    private Answer ofProvider(Request request, Reseller reseller, Client client) throws SQLException {
        String id = request.variable("provider_id");
        Usage found = usage(client);
        Predicate<BilledProject> there =
                project -> providers.of(project.datacenter()).id().equals(id);
        List<BilledProject> meant = found.projects(there);
        Provider provider = meant.isEmpty()
                ? known.find(reseller, id).orElseThrow(() -> ResellerErrors.notFound("provider"))
                : providers.of(meant.get(0).datacenter());
        ObjectNode json = start(found);
        json.set("projects", on(found, id, notes(reseller, meant)));
        json.set("provider", named(provider));
        return end(json, reseller, found, there);
    }

    private Answer ofProject(Request request, Reseller reseller, Client client) throws SQLException {
        String id = request.variable("project_id");
        Usage found = usage(client);
        Predicate<BilledProject> own = project -> project.id().equals(id);
        List<BilledProject> meant = found.projects(own);
        if (meant.isEmpty()
                && !found.known().contains(id)
                && projects.find(client, id).isEmpty()) {
            throw ResellerErrors.notFound("project");
        }
        ObjectNode json = start(found);
        json.set(
                "project",
                project(id, meant.isEmpty() ? id : meant.get(0).name(), billables(meant), notes(reseller, meant)));
        return end(json, reseller, found, own);
    }

    /** What holds the account's month holds its usage, too: better no figure than a wrong one. */
    Usage usage(Client client) throws SQLException {
        try {
            return usage.of(client);
        } catch (UserError e) {
            LOG.warn("The usage of client {} can't be shown: {}", client.id(), e.getMessage());
            throw new ApiError(
                    503, "This client's usage can't be billed as things are; the hub's operator knows why.", e);
        }
    }

    private ResourceNotes notes(Reseller reseller, Collection<BilledProject> meant) throws SQLException {
        return ResourceNotes.of(backend.ledger(), reseller, meant);
    }

    /** Projects with usage on a provider, and those without any: nobody can say where these are. */
    private ArrayNode on(Usage found, String provider, ResourceNotes notes) {
        Map<String, List<BilledProject>> there = new LinkedHashMap<>();
        found.projects(project -> providers.of(project.datacenter()).id().equals(provider))
                .forEach(project -> there.computeIfAbsent(project.id(), id -> new ArrayList<>())
                        .add(project));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        there.forEach((id, parts) -> list.add(project(id, parts.get(0).name(), billables(parts), notes)));
        Set<String> without = new TreeSet<>(found.known());
        without.removeAll(
                found.projects(project -> true).stream().map(BilledProject::id).collect(Collectors.toSet()));
        without.forEach(id -> list.add(project(id, id, List.of(), notes)));
        return list;
    }

    private static ObjectNode project(String id, String name, List<Billable> billables, ResourceNotes notes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id).put("name", name);
        return json.set("resources", BillableJson.resources(id, billables, notes));
    }

    private static List<Billable> billables(List<BilledProject> projects) {
        return projects.stream()
                .flatMap(project -> project.billables().stream())
                .toList();
    }

    /** By both names: the contract's examples have one here and the other there. */
    private static ObjectNode named(Provider provider) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", provider.id())
                .put("uuid", provider.id())
                .put("name", provider.name());
    }

    private static ObjectNode start(Usage found) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("usage_period_start", ResellerJson.isoMillis(found.period().from()))
                .put("usage_period_end", ResellerJson.isoMillis(found.period().until()));
    }

    private Answer end(ObjectNode json, Reseller reseller, Usage found, Predicate<BilledProject> which)
            throws SQLException {
        UsageTotals totals = found.totals(which);
        json.set("subtotal", ResellerJson.number(totals.subtotal()));
        json.set("discount_percentage", ResellerJson.number(totals.discountPercentage()));
        json.set("discount", ResellerJson.number(totals.discount()));
        json.set("taxes", BillableJson.taxes(totals.taxes(), totals.subtotal(), totals.discount()));
        json.set("total", ResellerJson.number(totals.total()));
        new CurrencyJson(currencies, reseller).put(json, found.document());
        return ResellerJson.answer(JsonNodeFactory.instance.objectNode().set("usage", json));
    }
}
