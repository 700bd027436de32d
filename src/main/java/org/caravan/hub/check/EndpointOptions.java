package org.caravan.hub.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.caravan.common.Nearest;

/** Options of an endpoint against what its component says of itself in its jar. */
final class EndpointOptions {
    private EndpointOptions() {}

    /** What is wrong, by option. */
    static Map<String, String> problems(CamelContext context, String component, Map<String, String> options) {
        Map<String, String> problems = new LinkedHashMap<>();
        RuntimeCamelCatalog catalog = context.getCamelContextExtension().getContextPlugin(RuntimeCamelCatalog.class);
        String schema = catalog.componentJSonSchema(component);
        if (schema == null) {
            return problems;
        }
        ComponentModel model = JsonMapper.generateComponentModel(schema);
        List<String> known = model.getEndpointOptions().stream()
                .map(ComponentModel.EndpointOptionModel::getName)
                .toList();
        // some components pass on what they do not know, and options with a prefix are anybody's
        List<String> prefixes = model.getEndpointOptions().stream()
                .filter(ComponentModel.EndpointOptionModel::isMultiValue)
                .map(ComponentModel.EndpointOptionModel::getPrefix)
                .toList();
        EndpointValidationResult result = catalog.validateProperties(component, options);
        options.forEach((name, value) -> {
            boolean free = model.isLenientProperties()
                    || prefixes.stream().anyMatch(prefix -> prefix != null && name.startsWith(prefix));
            if (!known.contains(name) && !free) {
                problems.put(
                        name, "component " + component + " has no option '" + name + "'" + Nearest.hint(name, known));
            } else if (result != null
                    && result.getInvalidEnum() != null
                    && result.getInvalidEnum().containsKey(name)) {
                problems.put(
                        name,
                        "option " + name + " of " + component + ": expected one of "
                                + String.join(
                                        ", ", result.getInvalidEnumChoices().get(name)) + ", found '" + value
                                + "'");
            } else if (result != null
                    && result.getInvalidBoolean() != null
                    && result.getInvalidBoolean().containsKey(name)) {
                problems.put(
                        name,
                        "option " + name + " of " + component + ": expected true or false, found '" + value + "'");
            } else if (result != null
                    && result.getInvalidInteger() != null
                    && result.getInvalidInteger().containsKey(name)) {
                problems.put(
                        name, "option " + name + " of " + component + ": expected a number, found '" + value + "'");
            }
        });
        return problems;
    }
}
