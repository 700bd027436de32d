package org.caravan.api.subscription;

import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.api.http.Api;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Policy;
import org.caravan.api.http.RoutingTable;
import org.caravan.subscription.Customers;
import org.caravan.subscription.InvoiceLines;
import org.caravan.subscription.InvoiceStates;
import org.caravan.subscription.Invoices;
import org.caravan.subscription.Merchants;
import org.caravan.subscription.PaymentConfigs;
import org.caravan.subscription.PaymentMethods;
import org.caravan.subscription.PaymentProviders;
import org.caravan.subscription.PlanItems;
import org.caravan.subscription.Plans;
import org.caravan.subscription.Products;
import org.caravan.subscription.Scope;
import org.caravan.subscription.Store;
import org.caravan.subscription.SubscribedUsage;
import org.caravan.subscription.Subscriptions;
import org.caravan.subscription.Words;

/** Puts the contract's routes together. */
public final class SubscriptionApi {
    /** The paths that the contract is below, as they are sent: each, and each below {@code /v2}. */
    public static final List<String> BELOW = List.of(
            "/merchants",
            "/merchant",
            "/currencies",
            "/languages",
            "/invoice_states",
            "/invoice-states",
            "/payment_gateway_providers",
            "/payment-gateway-providers",
            "/payment-gateways");

    private static final String M = "/merchants/{merchant_id}";
    private static final EntityRoutes.Who CATALOGUE = EntityRoutes.Who.of(Policy.CUSTOMER, Policy.MERCHANT);
    private static final EntityRoutes.Who OPERATORS = EntityRoutes.Who.of(Policy.CUSTOMER, Policy.ADMIN);
    private static final EntityRoutes.Who MERCHANTS = EntityRoutes.Who.of(Policy.MERCHANT, Policy.MERCHANT);
    private static final EntityRoutes.Who CUSTOMERS = EntityRoutes.Who.of(Policy.CUSTOMER, Policy.CUSTOMER);

    private final SubscriptionBackend backend;
    private final Scopes scopes;
    private final RoutingTable.Builder table = spelled(new RoutingTable.Builder());

    private SubscriptionApi(SubscriptionBackend backend) {
        this.backend = backend;
        this.scopes = new Scopes(
                new Merchants(backend.ledger(), backend.clock()), new Customers(backend.ledger(), backend.clock()));
    }

    /** The whole contract. */
    public static Api of(SubscriptionBackend backend, Authenticator authenticator) {
        return new Api(new SubscriptionApi(backend).routes(), new SubscriptionErrors(), authenticator);
    }

    /** What the last version begins with, and how the first one and the process document write. */
    private static RoutingTable.Builder spelled(RoutingTable.Builder table) {
        return table.alias("/v2", "")
                .spelling("merchant", "merchants")
                .spelling("invoice-states", "invoice_states")
                .spelling("payment-methods", "payment_methods")
                .spelling("payment-gateway-providers", "payment_gateway_providers")
                .spelling("payment-gateway-configurations", "payment_gateway_configurations")
                // at the root the providers, below a merchant its configurations
                .spelling("payment-gateways", "payment_gateway_providers")
                .spelling("payment-gateways", "payment_gateway_configurations");
    }

    private RoutingTable routes() {
        DataSource ledger = backend.ledger();
        Clock clock = backend.clock();
        words(Words.currencies(ledger, clock), "/currencies");
        words(Words.languages(ledger, clock), "/languages");
        words(new InvoiceStates(ledger, clock), "/invoice_states");
        new EntityRoutes(new PaymentProviders(backend.plugins()), request -> Scope.ALL, backend.maxList())
                .addList(table, "/payment_gateway_providers", Policy.CUSTOMER);
        merchants(new Merchants(ledger, clock));
        PlanItems items = new PlanItems(ledger, clock, backend.bands());
        add(new Products(ledger, clock, backend.bands()), M + "/products", "product_id", null, CATALOGUE);
        add(new Plans(ledger, clock, items), M + "/plans", "plan_id", null, CATALOGUE);
        new PlanItemRoutes(items, scopes, backend.maxList()).addTo(table);
        add(
                new Customers(ledger, clock),
                M + "/customers",
                "customer_id",
                null,
                new EntityRoutes.Who(Policy.CUSTOMER, Policy.MERCHANT, Policy.CUSTOMER, Policy.MERCHANT));
        PaymentConfigs configs = new PaymentConfigs(ledger, clock, backend.plugins());
        add(configs, M + "/payment_gateway_configurations", "config_id", null, MERCHANTS);
        add(
                new PaymentMethods(ledger, clock, backend.plugins(), configs),
                M + "/customers/{customer_id}/payment_methods",
                "method_id",
                "customer_id",
                CUSTOMERS);
        new SubscriptionRoutes(
                        new Subscriptions(ledger, clock, backend.tying()),
                        scopes,
                        backend.provisioning(),
                        backend.maxList())
                .addTo(table);
        add(new Invoices(ledger, clock, backend.voiding()), M + "/invoices", "invoice_id", null, CATALOGUE);
        add(new InvoiceLines(ledger, clock), M + "/invoices/{invoice_id}/lines", "line_id", "invoice_id", CATALOGUE);
        add(
                new UsageStore(new SubscribedUsage(ledger), backend.reports(), backend.usage(), clock),
                M + "/usage",
                "usage_id",
                null,
                CATALOGUE);
        return table.build();
    }

    /** What is every merchant's: read by all of them, changed by operators. */
    private void words(Store store, String path) {
        EntityRoutes routes = new EntityRoutes(store, request -> Scope.ALL, backend.maxList());
        routes.addTo(table, path, "name", OPERATORS);
        routes.addPut(table, path + "/{name}", "name", OPERATORS.update());
    }

    private void merchants(Merchants store) {
        EntityRoutes routes = new EntityRoutes(store, scopes::ofAll, backend.maxList());
        EntityRoutes.Who who = new EntityRoutes.Who(Policy.CUSTOMER, Policy.ADMIN, Policy.MERCHANT, Policy.ADMIN);
        routes.addTo(table, "/merchants", Scopes.MERCHANT, who);
        routes.addPut(table, M, Scopes.MERCHANT, who.update());
    }

    private void add(Store store, String path, String variable, String parent, EntityRoutes.Who who) {
        EntityRoutes routes = new EntityRoutes(store, request -> scopes.of(request, parent), backend.maxList());
        routes.addTo(table, path, variable, who);
        routes.addPut(table, path + "/{" + variable + "}", variable, who.update());
    }
}
