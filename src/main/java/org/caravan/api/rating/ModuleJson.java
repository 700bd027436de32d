package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.caravan.rating.store.Modules;

/** Rating modules as both versions write them. */
final class ModuleJson {
    static final String HOT_CONFIG_V1 = "hot-config";
    static final String HOT_CONFIG_V2 = "hot_config";
    static final int MAX_NAME = 255;

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            Modules.HASHMAP, "HashMap rating module.",
            Modules.NOOP, "Dummy test module.",
            Modules.PYSCRIPTS, "PyScripts rating module.");

    private ModuleJson() {}

    /** @param hotConfig the name that says whether its rules can be changed while it works */
    static ObjectNode of(Modules.Module module, String hotConfig) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("module_id", module.name())
                .put("description", DESCRIPTIONS.getOrDefault(module.name(), ""))
                .put("enabled", module.enabled())
                .put(hotConfig, !Modules.NOOP.equals(module.name()))
                .put("priority", module.priority());
    }

    static ObjectNode list(List<Modules.Module> modules, String hotConfig) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray("modules");
        modules.forEach(module -> list.add(of(module, hotConfig)));
        return body;
    }
}
