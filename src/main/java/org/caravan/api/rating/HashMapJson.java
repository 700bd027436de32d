package org.caravan.api.rating;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.caravan.api.http.Answer;
import org.caravan.common.Json;
import org.caravan.rating.store.Fields;
import org.caravan.rating.store.Groups;
import org.caravan.rating.store.Services;
import org.caravan.rating.store.StoredMapping;
import org.caravan.rating.store.Thresholds;

/** The objects of the HashMap rules as v1 writes them; lists are long, so nothing is built before it is written. */
final class HashMapJson {
    /** Digits after the point of a cost. */
    static final int COST_PLACES = 28;
    /** Digits after the point of a level. */
    static final int LEVEL_PLACES = 8;

    private static final int ONE = 512;

    private HashMapJson() {}

    /** Writes an object. */
    interface Writer<T> {
        void write(JsonGenerator out, T object) throws IOException;
    }

    static void service(JsonGenerator out, Services.Service service) throws IOException {
        out.writeStartObject();
        put(out, "service_id", service.id());
        put(out, "name", service.name());
        out.writeEndObject();
    }

    static void field(JsonGenerator out, Fields.Field field) throws IOException {
        out.writeStartObject();
        put(out, "field_id", field.id());
        put(out, "name", field.name());
        put(out, "service_id", field.service());
        out.writeEndObject();
    }

    static void group(JsonGenerator out, Groups.Group group) throws IOException {
        out.writeStartObject();
        put(out, "group_id", group.id());
        put(out, "name", group.name());
        out.writeEndObject();
    }

    static void mapping(JsonGenerator out, StoredMapping mapping) throws IOException {
        out.writeStartObject();
        put(out, "mapping_id", mapping.id());
        put(out, "value", mapping.value());
        put(out, "type", mapping.type().word());
        put(out, "cost", mapping.cost().setScale(COST_PLACES).toPlainString());
        put(out, "service_id", mapping.service());
        put(out, "field_id", mapping.field());
        put(out, "group_id", mapping.group());
        put(out, "tenant_id", mapping.tenant());
        put(out, "created_at", Dates.naive(mapping.createdAt()));
        put(out, "start", Dates.naive(mapping.start()));
        put(out, "end", Dates.naive(mapping.end()));
        put(out, "name", mapping.name());
        put(out, "description", mapping.description());
        put(out, "deleted", Dates.naive(mapping.deleted()));
        put(out, "created_by", mapping.createdBy());
        put(out, "updated_by", mapping.updatedBy());
        put(out, "deleted_by", mapping.deletedBy());
        out.writeEndObject();
    }

    static void threshold(JsonGenerator out, Thresholds.Threshold threshold) throws IOException {
        out.writeStartObject();
        put(out, "threshold_id", threshold.id());
        put(out, "level", threshold.level().setScale(LEVEL_PLACES).toPlainString());
        put(out, "type", threshold.type().word());
        put(out, "cost", threshold.cost().setScale(COST_PLACES).toPlainString());
        put(out, "service_id", threshold.service());
        put(out, "field_id", threshold.field());
        put(out, "group_id", threshold.group());
        put(out, "tenant_id", threshold.tenant());
        out.writeEndObject();
    }

    static <T> Answer one(T object, Writer<T> writer) throws IOException {
        return one(200, object, writer);
    }

    static <T> Answer one(int status, T object, Writer<T> writer) throws IOException {
        return answer(status, ONE, out -> writer.write(out, object));
    }

    /** {@code {"things": [...]}}. */
    static <T> Answer list(String name, List<T> objects, Writer<T> writer) throws IOException {
        return answer(200, ONE + ONE * objects.size(), out -> {
            out.writeStartObject();
            out.writeArrayFieldStart(name);
            for (T object : objects) {
                writer.write(out, object);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    private static Answer answer(int status, int length, Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
        try (JsonGenerator out = Json.mapper().createGenerator(bytes)) {
            content.write(out);
        }
        return new Answer(status, Map.of(), Answer.JSON, bytes.toByteArray());
    }

    private static void put(JsonGenerator out, String name, String value) throws IOException {
        out.writeFieldName(name);
        // null is written as such
        out.writeString(value);
    }

    private static void put(JsonGenerator out, String name, UUID id) throws IOException {
        put(out, name, id == null ? null : id.toString());
    }
}
