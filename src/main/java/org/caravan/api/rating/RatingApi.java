package org.caravan.api.rating;

import org.caravan.api.http.Api;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.RoutingTable;

/** Puts the groups of routes together. */
public final class RatingApi {
    private RatingApi() {}

    /** The whole contract. */
    public static Api of(Backend backend, Authenticator authenticator) {
        return new Api(routes(backend), new RatingErrors(), authenticator);
    }

    private static RoutingTable routes(Backend backend) {
        RoutingTable.Builder routes = new RoutingTable.Builder().alias("/v1/billing", "/v1/rating");
        new RootRoutes().addTo(routes);
        new HashMapServices(backend).addTo(routes);
        new HashMapFields(backend).addTo(routes);
        new HashMapGroups(backend).addTo(routes);
        new HashMapMappings(backend).addTo(routes);
        new HashMapThresholds(backend).addTo(routes);
        new ModuleRoutes(backend).addTo(routes);
        new ModuleRoutesV2(backend).addTo(routes);
        new QuoteRoutes(backend).addTo(routes);
        new CollectorRoutes().addTo(routes);
        new InfoRoutes(backend.meters()).addTo(routes);
        new ReportRoutes(backend.usage(), backend.clock()).addTo(routes);
        new StorageRoutes(backend.usage(), backend.clock()).addTo(routes);
        new SummaryRoutes(backend.usage(), backend.clock()).addTo(routes);
        new DataframeRoutes(backend.usage(), backend.clock()).addTo(routes);
        new ScopeRoutes(backend.usage()).addTo(routes);
        new ReprocessRoutes(backend).addTo(routes);
        return routes.build();
    }
}
