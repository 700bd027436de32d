package org.caravan.hub.management;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;

/** The routes by which this hub reads its sources: stopped and started by Camel's own controller. */
final class SourceRoutes {
    /** What of a source begins; the routes behind it only answer. */
    private static final Map<String, List<String>> BY_KIND = Map.of(
            "files", List.of("metering-files"),
            "kafka", List.of("metering-kafka"),
            "gnocchi", List.of("metering-gnocchi"),
            "sql", List.of("metering-sql"),
            // first what says how far they are rated: what is turned away meanwhile is not complete
            "push", List.of("metering-push-look", "metering-push"),
            "samples", List.of("metering-ceilometer-kafka", "metering-ceilometer-files"));

    private final CamelContext context;
    private final Pauses pauses;

    SourceRoutes(CamelContext context, Pauses pauses) {
        this.context = context;
        this.pauses = pauses;
    }

    String state(String kind) {
        List<String> routes = routes(kind);
        return routes.isEmpty() ? "not read here" : routes.stream().allMatch(this::isStopped) ? "paused" : "running";
    }

    String pause(String source, String kind) throws Exception {
        List<String> routes = needed(source, kind);
        pauses.begin(kind, source, routes);
        for (String route : routes) {
            context.getRouteController().stopRoute(route);
        }
        return "source " + source + " is paused in this hub" + others(kind);
    }

    String resume(String source, String kind) throws Exception {
        for (String route : needed(source, kind)) {
            context.getRouteController().startRoute(route);
        }
        pauses.end(kind);
        return "source " + source + " is read on" + others(kind);
    }

    /** Sources of these kinds share their routes. */
    private static String others(String kind) {
        return kind.equals("push") || kind.equals("samples")
                ? ", and with it every other source of the kind " + kind
                : "";
    }

    private boolean isStopped(String route) {
        ServiceStatus status = context.getRouteController().getRouteStatus(route);
        return status == null || status.isStopped() || status.isSuspended();
    }

    private List<String> needed(String source, String kind) {
        List<String> routes = routes(kind);
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("source " + source
                    + " is not read in this hub by a route of its kind; ask the hub that is configured with it");
        }
        return routes;
    }

    private List<String> routes(String kind) {
        return kind == null
                ? List.of()
                : BY_KIND.getOrDefault(kind, List.of()).stream()
                        .filter(route -> context.getRoute(route) != null)
                        .toList();
    }
}
