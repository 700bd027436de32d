package org.caravan.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.caravan.common.Json;

/**
 * A request as a route gets it.
 *
 * @param method in upper case
 * @param path as it was sent, percent-encoded
 * @param variables what the route's template named, decoded
 * @param query arguments, decoded, each with its values in their order
 * @param headers by name in lower case; of several with one name the first
 * @param body the bytes, unpacked unless the contract unpacks them itself; empty without a body
 * @param caller who asks
 * @param base what links to this server begin with, such as {@code http://host:9534}
 * @param id the request's id, for people who search the log
 * @param remote the address that it came from; empty until it is known
 */
public record Request(
        String method,
        String path,
        Map<String, String> variables,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body,
        Caller caller,
        String base,
        String id,
        String remote) {

    /** One whose address is not known yet. */
    public Request(
            String method,
            String path,
            Map<String, String> variables,
            Map<String, List<String>> query,
            Map<String, String> headers,
            byte[] body,
            Caller caller,
            String base,
            String id) {
        this(method, path, variables, query, headers, body, caller, base, id, "");
    }

    /** A header by name in any case, or null. */
    public String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** What the template calls so; never null for a name of the template. */
    public String variable(String name) {
        return variables.get(name);
    }

    /** Where this request was sent to, without arguments and without a slash at the end. */
    public String url() {
        return base + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /** The first value of a query argument, or null. */
    public String argument(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** All values of a query argument; empty without. */
    public List<String> arguments(String name) {
        return query.getOrDefault(name, List.of());
    }

    /**
     * The body as JSON.
     *
     * @return a missing node without a body
     * @throws ApiError 400 if it is none
     */
    public JsonNode json() {
        if (body.length == 0) {
            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        }
        try {
            return Json.mapper().readTree(body);
        } catch (IOException e) {
            // of bytes in memory: no JSON, or no text
            throw new ApiError(400, "Request is not in valid JSON format", e);
        }
    }

    Request with(Map<String, String> found, Caller known, String address) {
        return new Request(method, path, found, query, headers, body, known, base, id, address);
    }
}
