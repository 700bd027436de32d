package org.caravan.api.rating;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.caravan.api.http.ApiError;
import org.caravan.common.Decimals;
import org.caravan.common.Json;

/**
 * Turns pushed data frames into lines of caravan-jsonl. What is no data frame at all is refused here, with nothing taken in; what
 * is one, but can't be billed, goes on as a line and is set aside by the ledger.
 */
final class FrameReader {
    /** Attributes that name the tenant, the resource, the datacenter; the first one holds. */
    private static final List<String> TENANT = List.of(FrameJson.PROJECT, "tenant_id", "tenant");

    private static final List<String> RESOURCE = List.of(FrameJson.ID, "resource_id", "resource");
    private static final List<String> DATACENTER = List.of(FrameJson.DATACENTER);

    private static final String NO_UNIT = "undefined";

    private final String realm;
    private final int maxLineBytes;
    private final List<String> lines = new ArrayList<>();
    private JsonNode body;

    /** @param maxLineBytes longest line that the ledger's reader takes */
    FrameReader(String realm, int maxLineBytes) {
        this.realm = realm;
        this.maxLineBytes = maxLineBytes;
    }

    /** The body as JSON, with decimals as they are written: {@code 1.0} in metadata is not {@code 1}. */
    static JsonNode parse(byte[] body) {
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return Json.mapper()
                    .reader()
                    .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .readTree(body);
        } catch (JsonProcessingException e) {
            throw new ApiError(400, "Request is not in valid JSON format", e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can't be read", e);
        }
    }

    /**
     * The lines of all points.
     *
     * @throws ApiError 400 if the body holds anything that is no data frame
     */
    List<String> lines(JsonNode wanted) {
        body = wanted;
        if (!body.isObject()) {
            throw V2Invalid.body(body, "expected a dictionary");
        }
        onlyKeys(body, Set.of("dataframes"));
        JsonNode frames = body.get("dataframes");
        if (frames == null) {
            throw V2Invalid.body(body, "required key not provided", "dataframes");
        }
        if (!frames.isArray()) {
            throw V2Invalid.body(body, "expected a list", "dataframes");
        }
        if (frames.isEmpty()) {
            throw new ApiError(400, "Parameter dataframes must not be empty.");
        }
        for (int i = 0; i < frames.size(); i++) {
            frame(frames.get(i), "dataframes", i);
        }
        return lines;
    }

    private void frame(JsonNode frame, Object... path) {
        JsonNode period = object(frame, "period", path);
        Instant begin = time(period, "begin", at(path, "period"));
        Instant end = time(period, "end", at(path, "period"));
        JsonNode usage = object(frame, "usage", path);
        onlyKeys(frame, Set.of("period", "usage"), path);
        for (Iterator<Map.Entry<String, JsonNode>> meters = usage.fields(); meters.hasNext(); ) {
            Map.Entry<String, JsonNode> meter = meters.next();
            Object[] place = at(path, "usage", meter.getKey());
            if (!meter.getValue().isArray()) {
                throw V2Invalid.body(body, "expected a list", place);
            }
            for (int i = 0; i < meter.getValue().size(); i++) {
                point(begin, end, meter.getKey(), meter.getValue().get(i), at(place, i));
            }
        }
    }

    private void point(Instant begin, Instant end, String meter, JsonNode point, Object... path) {
        JsonNode vol = object(point, "vol", path);
        JsonNode unit = vol.get("unit");
        if (unit == null || !unit.isTextual()) {
            throw V2Invalid.body(
                    body, unit == null ? "required key not provided" : "expected str", at(path, "vol", "unit"));
        }
        BigDecimal quantity = decimal(vol.get("qty"), at(path, "vol", "qty"));
        JsonNode rating = point.has("rating") ? object(point, "rating", path) : null;
        BigDecimal price = rating == null || !rating.has("price")
                ? BigDecimal.ZERO
                : decimal(rating.get("price"), at(path, "rating", "price"));
        Map<String, JsonNode> attributes = new TreeMap<>();
        JsonNode groupby = object(point, "groupby", path);
        object(point, "metadata", path)
                .fields()
                .forEachRemaining(field -> attributes.put(field.getKey(), field.getValue()));
        onlyKeys(point, Set.of("vol", "rating", "groupby", "metadata"), path);
        // an attribute that stands in both is what the point is grouped by
        groupby.fields().forEachRemaining(field -> attributes.put(field.getKey(), field.getValue()));
        String tenant = take(attributes, TENANT);
        String resource = take(attributes, RESOURCE);
        String datacenter = take(attributes, DATACENTER);
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("realm", realm);
        line.put("tenant", tenant)
                .put("datacenter", datacenter)
                .put("resource", resource.isEmpty() ? otherwise(groupby, attributes, tenant) : resource)
                .put("meter", meter)
                .put("quantity", Decimals.plain(quantity))
                .put("unit", unit.textValue().isBlank() ? NO_UNIT : unit.textValue())
                .put("begin", begin.toString())
                .put("end", end.toString())
                .put("price", Decimals.plain(price));
        ObjectNode metadata = line.putObject("metadata");
        attributes.forEach((name, value) -> {
            if (value.isContainerNode()) {
                metadata.put(name, value.toString());
            } else {
                metadata.set(name, value);
            }
        });
        add(line.toString(), path);
    }

    /**
     * The resource of a point that names none: what it is grouped by tells its series apart, and where that is the tenant alone,
     * the tenant does.
     */
    private static String otherwise(JsonNode groupby, Map<String, JsonNode> attributes, String tenant) {
        List<String> parts = new ArrayList<>();
        attributes.forEach((name, value) -> {
            if (groupby.has(name)) {
                parts.add(name + "=" + text(value));
            }
        });
        return parts.isEmpty() ? tenant : String.join(",", parts);
    }

    private void add(String line, Object... path) {
        if (line.getBytes(StandardCharsets.UTF_8).length > maxLineBytes) {
            throw V2Invalid.body(
                    body, "the point is longer than " + maxLineBytes + " bytes (caravan.record.maxLineBytes)", path);
        }
        if (!Invalid.isStorable(line)) {
            throw V2Invalid.body(body, "the point holds half a character", path);
        }
        lines.add(line);
    }

    // ---- parts ---------------------------------------------------------------------------------------------------

    private JsonNode object(JsonNode parent, String name, Object... path) {
        if (!parent.isObject()) {
            throw V2Invalid.body(body, "expected a dictionary", path);
        }
        JsonNode value = parent.get(name);
        if (value == null) {
            throw V2Invalid.body(body, "required key not provided", at(path, name));
        }
        if (!value.isObject()) {
            throw V2Invalid.body(body, "expected a dictionary", at(path, name));
        }
        return value;
    }

    private void onlyKeys(JsonNode node, Set<String> known, Object... path) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw V2Invalid.body(body, "extra keys not allowed", at(path, name));
            }
        }
    }

    private Instant time(JsonNode period, String name, Object... path) {
        JsonNode value = period.get(name);
        if (value == null) {
            throw V2Invalid.body(body, "required key not provided", at(path, name));
        }
        try {
            return Dates.start(value.isTextual() ? value.textValue() : "");
        } catch (IllegalArgumentException e) {
            throw V2Invalid.body(body, "expected a date and time in ISO 8601", at(path, name));
        }
    }

    private BigDecimal decimal(JsonNode value, Object... path) {
        if (value == null) {
            throw V2Invalid.body(body, "required key not provided", path);
        }
        try {
            if (value.isNumber() || value.isTextual()) {
                return Decimals.parse(value.asText().strip());
            }
        } catch (NumberFormatException e) {
            throw V2Invalid.body(body, "expected a decimal number of at most " + Decimals.MAX_DIGITS + " digits", path);
        }
        throw V2Invalid.body(body, "expected a decimal number", path);
    }

    /** Takes the first of these attributes that is there out of the others; empty without one. */
    private static String take(Map<String, JsonNode> attributes, List<String> names) {
        for (String name : names) {
            JsonNode value = attributes.get(name);
            if (value != null
                    && value.isValueNode()
                    && !value.isNull()
                    && !value.asText().isEmpty()) {
                attributes.remove(name);
                return value.asText();
            }
        }
        return "";
    }

    private static String text(JsonNode value) {
        return value.isContainerNode() ? value.toString() : value.asText();
    }

    private static Object[] at(Object[] path, Object... more) {
        List<Object> whole = new ArrayList<>(List.of(path));
        whole.addAll(List.of(more));
        return whole.toArray();
    }
}
