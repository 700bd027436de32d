package org.caravan.api.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.caravan.subscription.Entity;
import org.caravan.subscription.Entry;
import org.caravan.subscription.Field;

/** Things as JSON: bare objects and arrays, every field there, decimals as texts. */
final class EntryJson {
    private EntryJson() {}

    static ObjectNode object(Entity entity, Entry entry) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Field field : entity.fields()) {
            Object value = entry.get(field.name());
            if (value instanceof Integer number) {
                object.put(field.name(), number);
            } else if (value instanceof Boolean yes) {
                object.put(field.name(), yes);
            } else if (value instanceof BigDecimal decimal) {
                object.put(field.name(), decimal.toPlainString());
            } else if (value instanceof JsonNode node) {
                object.set(field.name(), node);
            } else {
                object.put(field.name(), value == null ? null : value.toString());
            }
        }
        return object;
    }

    static ArrayNode array(Entity entity, List<Entry> entries) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        entries.forEach(entry -> array.add(object(entity, entry)));
        return array;
    }
}
