package org.caravan.testing.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What can be asked, as an OpenAPI file says.
 *
 * @param method in upper case
 * @param template such as {@code /v1/things/{thing_id}}
 * @param policy {@code public}, {@code user}, {@code reader} or {@code admin}
 * @param parameters of the path and of the query
 * @param body schema of the body, or null without one; references are as written
 * @param responses by status, or {@code default} for errors
 */
public record Operation(
        String method,
        String template,
        String policy,
        List<Parameter> parameters,
        JsonNode body,
        Map<String, JsonNode> responses) {
    /** An argument. */
    public record Parameter(String name, boolean inPath, boolean required, JsonNode schema) {}

    @Override
    public String toString() {
        return method + " " + template;
    }

    List<String> segments() {
        return Contract.segments(template);
    }
}
