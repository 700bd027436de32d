package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.reseller.Provider;
import org.caravan.reseller.ProviderList;
import org.caravan.reseller.Reseller;

/** The clouds that a reseller sells. */
final class ProviderRoutes {
    private final ProviderList providers;

    ProviderRoutes(ResellerBackend backend) {
        this.providers = new ProviderList(backend.ledger(), backend.file().providers());
    }

    void addTo(ResellerRoutes routes) {
        routes.add(ResellerCall.PROVIDERS, this::list).add(ResellerCall.PROVIDER, this::one);
    }

    private Answer list(Request request, Reseller reseller) throws SQLException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Provider provider : providers.of(reseller)) {
            all.add(json(provider));
        }
        return ResellerJson.answer(all);
    }

    private Answer one(Request request, Reseller reseller) throws SQLException {
        return ResellerJson.answer(json(providers
                .find(reseller, request.variable("provider_id"))
                .orElseThrow(() -> ResellerErrors.notFound("provider"))));
    }

    private static ObjectNode json(Provider provider) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", provider.id())
                .put("name", provider.name())
                .put("os_version", provider.osVersion())
                .put("public_api_url", provider.publicApiUrl())
                .put("is_private", provider.isPrivate());
    }
}
