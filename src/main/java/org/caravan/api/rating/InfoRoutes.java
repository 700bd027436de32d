package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.metering.Meter;
import org.caravan.metering.MeterCatalog;

/** {@code /v1/info}: the meters that the operator described, as CloudKitty's metrics. */
final class InfoRoutes {
    /** What CloudKitty calls a unit that nobody said; here a meter is then billed in its records' own. */
    private static final String NO_UNIT = "undefined";

    private final MeterCatalog meters;

    InfoRoutes(MeterCatalog meters) {
        this.meters = meters;
    }

    void addTo(RoutingTable.Builder routes) {
        for (String name : new String[] {"metrics", "services"}) {
            routes.rule("info:list_" + name + "_info").add("GET", "/v1/info/" + name, Policy.USER, this::list);
            routes.rule("info:get_" + name.replaceFirst("s$", "") + "_info")
                    .add("GET", "/v1/info/" + name + "/{id}", Policy.USER, this::one);
        }
        routes.rule("info:get_config").add("GET", "/v1/info/config", Policy.USER, this::config);
    }

    private Answer list(Request request) {
        Arguments.of(request);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode metrics = body.putArray("metrics");
        listed().values().forEach(meter -> metrics.add(metric(meter)));
        return Answer.json(200, body);
    }

    private Answer one(Request request) {
        // the client sends the id in the query, too
        Arguments.of(request, "metric_name", "service_name", "metric_id", "service_id");
        Meter meter = listed().get(request.variable("id"));
        if (meter == null) {
            throw new ApiError(404, request.variable("id"));
        }
        return Answer.json(200, metric(meter));
    }

    private Map<String, Meter> listed() {
        if (meters.listed().isEmpty()) {
            throw new ApiError(405, "Invalid endpoint: no metrics in current configuration.");
        }
        return new TreeMap<>(meters.listed());
    }

    private static ObjectNode metric(Meter meter) {
        ObjectNode metric = JsonNodeFactory.instance.objectNode().put("metric_id", meter.name());
        metadata(metric.putArray("metadata"), meter);
        return metric.put("unit", unit(meter));
    }

    private Answer config(Request request) {
        Arguments.of(request);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode metrics = body.putObject("metrics");
        new TreeMap<>(meters.listed()).forEach((name, meter) -> config(metrics.putObject(name), meter));
        return Answer.json(200, body);
    }

    private static void config(ObjectNode node, Meter meter) {
        node.put("unit", unit(meter)).put("alt_name", meter.name());
        String factor = meter.factor() == null ? "1" : meter.factor();
        try {
            JsonDecimal.put(node, "factor", new BigDecimal(factor));
        } catch (NumberFormatException fraction) {
            node.put("factor", factor);
        }
        node.put("offset", 0);
        ArrayNode groupby = node.putArray("groupby").add("id").add("project_id");
        meter.identityBy().stream().filter(field -> !field.equals("product")).forEach(groupby::add);
        metadata(node.putArray("metadata"), meter);
        node.put("mutate", "NONE");
        ObjectNode extra = node.putObject("extra_args");
        if (meter.timesHours()) {
            extra.put("times", "hours");
        }
        if (meter.label() != null) {
            node.put("description", meter.label());
        }
    }

    /** Kept fields by name; none where all are kept. */
    private static void metadata(ArrayNode into, Meter meter) {
        if (meter.metadata() != null) {
            new TreeSet<>(meter.metadata())
                    .stream()
                            .filter(field -> !meter.identityBy().contains(field))
                            .forEach(into::add);
        }
    }

    private static String unit(Meter meter) {
        return meter.unit() == null ? NO_UNIT : meter.unit();
    }
}
