package org.caravan.hub.connector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.PluginHelper;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.InvoiceComponent;

/**
 * The connectors of a running hub. Camel keeps a Kamelet once it has read it, and the routes it has made of it; so a new file
 * takes its place only when the old routes, endpoints and template are removed.
 */
public final class LiveConnectors {
    private final CamelContext context;
    private final ConnectorProperties told;

    public LiveConnectors(CamelContext context, ConnectorProperties told) {
        this.context = context;
        this.told = told;
    }

    /**
     * Tries a Kamelet's file and lets it take the place of what runs. No other connector is held up.
     *
     * @param config as it is said now
     * @param digest of the file that was ordered; another one is refused
     * @return what is to be known; empty if nothing is
     * @throws UserError if it can't be used: then nothing was changed
     */
    List<String> apply(HubConfig config, String kamelet, String digest) throws InterruptedException {
        String base = kamelet.replaceFirst("-sink$", "");
        ConnectorTrial.Passed passed = ConnectorTrial.of(config, base);
        Path file =
                config.get(Settings.CONNECTORS).resolve(ConnectorName.of(base).file());
        if (!passed.digest().equals(digest)) {
            throw new UserError(file + ": is not the file that was ordered; put the same file before every hub");
        }
        Duration wait = config.get(Settings.DELIVERY_LEASE);
        InvoiceComponent invoices = context.getComponent("caravan-invoice", InvoiceComponent.class);
        boolean done = invoices.replaceConnector(
                kamelet, wait.toMillis(), () -> replace(config, kamelet, file, passed.connectors()));
        if (!done) {
            throw new UserError(1, kamelet + ": a call of it runs since " + wait + "; nothing was changed", null);
        }
        return passed.warnings();
    }

    private void replace(HubConfig config, String kamelet, Path file, List<String> connectors) {
        InvoiceComponent invoices = context.getComponent("caravan-invoice", InvoiceComponent.class);
        ModelCamelContext model = (ModelCamelContext) context;
        RouteTemplateDefinition before = model.getRouteTemplateDefinition(kamelet);
        Map<String, String> toldBefore = told.told();
        remove(kamelet);
        try {
            told.tell(HubConnectors.said(config));
            invoices.setConnectorTargets(String.join(",", HubConnectors.targets(config)));
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
            for (String name : connectors) {
                make(name);
            }
        } catch (Exception e) {
            remove(kamelet);
            told.tell(toldBefore);
            if (before != null) {
                try {
                    model.addRouteTemplateDefinitions(List.of(before));
                } catch (Exception again) {
                    e.addSuppressed(again);
                }
            }
            throw KameletFault.of(file, "", e);
        }
    }

    /** Makes its route now, where that is possible: a target that is down just now is found when it is called. */
    private void make(String name) {
        try {
            context.getEndpoint("kamelet:" + ConnectorName.of(name).uri() + "?noErrorHandler=true");
        } catch (RuntimeException e) {
            // the trial has told apart what is wrong with the file
            forget(ConnectorName.of(name));
        }
    }

    private void remove(String kamelet) {
        Pattern called = Pattern.compile("kamelet:(?://)?" + Pattern.quote(kamelet) + "/([^?]*)(?:[?].*)?");
        for (Endpoint endpoint : List.copyOf(context.getEndpoints())) {
            Matcher route = called.matcher(endpoint.getEndpointUri());
            if (route.matches()) {
                stop(route.group(1));
                remove(endpoint);
            }
        }
        try {
            ((ModelCamelContext) context).removeRouteTemplates(kamelet);
        } catch (Exception e) {
            throw new IllegalStateException("the template of " + kamelet + " can't be removed", e);
        }
    }

    private void forget(ConnectorName name) {
        stop(name.routeId());
        context.getEndpoints().stream()
                .filter(endpoint -> name.isCalledBy(endpoint.getEndpointUri()))
                .toList()
                .forEach(this::remove);
    }

    private void stop(String route) {
        if (context.getRoute(route) == null || !context.getRoute(route).isCreatedByKamelet()) {
            return;
        }
        try {
            context.getRouteController().stopRoute(route);
            context.removeRoute(route);
        } catch (Exception e) {
            throw new IllegalStateException("the route " + route + " can't be removed", e);
        }
    }

    private void remove(Endpoint endpoint) {
        try {
            context.removeEndpoint(endpoint);
        } catch (Exception e) {
            throw new IllegalStateException("the endpoint " + endpoint + " can't be removed", e);
        }
    }
}
