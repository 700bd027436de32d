package org.caravan.hub.http;

import java.time.Duration;
import org.apache.camel.builder.RouteBuilder;
import org.caravan.api.http.ApiProcessor;
import org.caravan.api.http.ApiSettings;
import org.caravan.api.http.Apis;

/**
 * The one route of all contracts. It takes every path: which of them there are is decided by the contracts' own tables,
 * segment by segment, and not by Camel's prefixes.
 */
final class ApiRoute extends RouteBuilder {
    private static final String ID = "api";

    private final Apis apis;
    private final ApiSettings settings;
    private final Duration timeout;

    ApiRoute(Apis apis, ApiSettings settings, Duration timeout) {
        this.apis = apis;
        this.settings = settings;
        this.timeout = timeout;
    }

    @Override
    public void configure() {
        from("platform-http:/?matchOnUriPrefix=true&populateBodyWithForm=false&requestTimeout=" + timeout.toMillis())
                .routeId(ID)
                .streamCache("false")
                .process(new ApiProcessor(apis, settings));
    }
}
