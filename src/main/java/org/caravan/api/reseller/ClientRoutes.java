package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.reseller.Client;
import org.caravan.reseller.ClientList;
import org.caravan.reseller.ClientProfile;
import org.caravan.reseller.Page;
import org.caravan.reseller.ProviderList;
import org.caravan.reseller.Reseller;

/** A reseller's clients. */
final class ClientRoutes {
    private final ClientList clients;
    private final ProviderList providers;
    private final int max;

    ClientRoutes(ResellerBackend backend) {
        this.clients = new ClientList(backend.ledger(), backend.clock());
        this.providers = new ProviderList(backend.ledger(), backend.file().providers());
        this.max = backend.maxList();
    }

    void addTo(ResellerRoutes routes) {
        routes.add(ResellerCall.CLIENTS, this::list);
    }

    private Answer list(Request request, Reseller reseller) throws SQLException {
        Page page = Pages.read(request, max);
        String provider = request.argument("provider_id");
        List<String> datacenters = provider == null
                ? null
                : providers
                        .find(reseller, provider)
                        .orElseThrow(() -> ResellerErrors.notFound("provider"))
                        .datacenters();
        List<ClientProfile> rows = clients.page(reseller, datacenters, page);
        Answer answer = ResellerJson.answer(Pages.array(page, rows, ClientRoutes::json));
        return Pages.linked(answer, request, page, rows, row -> row.client().id());
    }

    private static ObjectNode json(ClientProfile profile) {
        Client client = profile.client();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", client.id())
                .put("email", client.email())
                .put("activated", profile.isActive())
                .put("validated", profile.isValidated())
                .put("billing_status", profile.isOverdue() ? "overdue" : profile.isActive() ? "active" : "inactive")
                .put("date_created", ResellerJson.iso(client.createdAt()))
                .put("date_deleted", client.isDeleted() ? ResellerJson.iso(client.deletedAt()) : null)
                .put("deleted", client.isDeleted())
                .put(
                        "default_project_id",
                        profile.projects().isEmpty()
                                ? null
                                : profile.projects().get(0).id());
        ArrayNode projects = json.putArray("projects");
        profile.projects()
                .forEach(project -> projects.addObject().put("id", project.id()).put("name", project.id()));
        json.put("reseller_id", client.reseller());
        json.set("client_information", information(client, profile.contact()));
        return json;
    }

    private static ObjectNode information(Client client, ClientProfile.Contact contact) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", client.name())
                .put("first_name", contact.firstName())
                .put("last_name", contact.lastName())
                .put("company", contact.company())
                .put("address1", contact.address1())
                .put("address2", contact.address2())
                .put("address3", contact.address3())
                .put("city", contact.city())
                .put("state", contact.state())
                .put("country", contact.country())
                .put("postal_code", contact.postalCode())
                .put("phone", contact.phone())
                .put("website", contact.website());
    }
}
