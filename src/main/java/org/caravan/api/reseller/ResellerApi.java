package org.caravan.api.reseller;

import org.caravan.api.http.Api;
import org.caravan.api.http.Authenticator;
import org.caravan.reseller.Clients;
import org.caravan.reseller.Resellers;

/** Puts the contract's routes together. */
public final class ResellerApi {
    /** What all its paths begin with. */
    public static final String BELOW = "/reseller";

    private ResellerApi() {}

    /** @param authenticator one that knows resellers by their keys */
    public static Api of(ResellerBackend backend, Authenticator authenticator) {
        ResellerRoutes routes = new ResellerRoutes(new Resellers(backend.ledger()), new Clients(backend.ledger()));
        new KeyRoutes(backend).addTo(routes);
        new ProviderRoutes(backend).addTo(routes);
        UsageRoutes usage = new UsageRoutes(backend);
        usage.addTo(routes);
        new ClientRoutes(backend).addTo(routes);
        new ResourceRoutes(backend, usage::usage).addTo(routes);
        new InvoiceRoutes(backend).addTo(routes);
        new CurrencyRoutes(backend).addTo(routes);
        new ProductRoutes(backend).addTo(routes);
        new ReportRoutes(backend).addTo(routes);
        return new Api(routes.table(), new ResellerErrors(), authenticator);
    }
}
