package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.caravan.api.http.Answer;
import org.caravan.rating.store.Fields;
import org.caravan.rating.store.Groups;
import org.caravan.rating.store.Services;
import org.caravan.rating.store.StoredMapping;
import org.caravan.rating.store.Thresholds;

/** The objects of the HashMap rules as v1 writes them. */
final class HashMapJson {
    /** Digits after the point of a cost. */
    static final int COST_PLACES = 28;
    /** Digits after the point of a level. */
    static final int LEVEL_PLACES = 8;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private HashMapJson() {}

    static ObjectNode of(Services.Service service) {
        return JSON.objectNode().put("service_id", text(service.id())).put("name", service.name());
    }

    static ObjectNode of(Fields.Field field) {
        return JSON.objectNode()
                .put("field_id", text(field.id()))
                .put("name", field.name())
                .put("service_id", text(field.service()));
    }

    static ObjectNode of(Groups.Group group) {
        return JSON.objectNode().put("group_id", text(group.id())).put("name", group.name());
    }

    static ObjectNode of(StoredMapping mapping) {
        return JSON.objectNode()
                .put("mapping_id", text(mapping.id()))
                .put("value", mapping.value())
                .put("type", mapping.type().word())
                .put("cost", mapping.cost().setScale(COST_PLACES).toPlainString())
                .put("service_id", text(mapping.service()))
                .put("field_id", text(mapping.field()))
                .put("group_id", text(mapping.group()))
                .put("tenant_id", mapping.tenant())
                .put("created_at", Dates.naive(mapping.createdAt()))
                .put("start", Dates.naive(mapping.start()))
                .put("end", Dates.naive(mapping.end()))
                .put("name", mapping.name())
                .put("description", mapping.description())
                .put("deleted", Dates.naive(mapping.deleted()))
                .put("created_by", mapping.createdBy())
                .put("updated_by", mapping.updatedBy())
                .put("deleted_by", mapping.deletedBy());
    }

    static ObjectNode of(Thresholds.Threshold threshold) {
        return JSON.objectNode()
                .put("threshold_id", text(threshold.id()))
                .put("level", threshold.level().setScale(LEVEL_PLACES).toPlainString())
                .put("type", threshold.type().word())
                .put("cost", threshold.cost().setScale(COST_PLACES).toPlainString())
                .put("service_id", threshold.service())
                .put("field_id", threshold.field())
                .put("group_id", threshold.group())
                .put("tenant_id", threshold.tenant());
    }

    /** {@code {"things": [...]}}. */
    static <T> Answer list(String name, List<T> objects, Function<T, ObjectNode> writer) {
        ObjectNode body = JSON.objectNode();
        ArrayNode list = body.putArray(name);
        objects.forEach(object -> list.add(writer.apply(object)));
        return Answer.json(200, body);
    }

    private static String text(UUID id) {
        return id == null ? null : id.toString();
    }
}
