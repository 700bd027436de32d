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
            "push", List.of("metering-push"),
            "samples", List.of("metering-ceilometer-kafka", "metering-ceilometer-files"));

    private final CamelContext context;

    SourceRoutes(CamelContext context) {
        this.context = context;
    }

    String state(String kind) {
        List<String> routes = routes(kind);
        return routes.isEmpty() ? "not read here" : routes.stream().allMatch(this::isStopped) ? "paused" : "running";
    }

    String pause(String source, String kind) throws Exception {
        for (String route : needed(source, kind)) {
            context.getRouteController().stopRoute(route);
        }
        return "source " + source + " is paused in this hub";
    }

    String resume(String source, String kind) throws Exception {
        for (String route : needed(source, kind)) {
            context.getRouteController().startRoute(route);
        }
        return "source " + source + " is read on";
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
