package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.reseller.Page;

/**
 * Lists in parts: the arguments {@code limit} and {@code marker}, and a {@code Link} header to the next part where a list goes
 * on. Portals that know neither get all of it, up to the hub's own limit.
 */
final class Pages {
    private static final String LIMIT = "limit";
    private static final String MARKER = "marker";

    private Pages() {}

    static Page read(Request request, int max) {
        String limit = request.argument(LIMIT);
        if (limit != null && !limit.matches("0*[1-9]\\d{0,8}")) {
            throw new ApiError(400, "limit must be a whole number, 1 or more.");
        }
        return new Page(limit == null ? max : Math.min(Integer.parseInt(limit), max), request.argument(MARKER));
    }

    /**
     * The part as an array.
     *
     * @param rows one more than asked for where the list goes on
     */
    static <T> ArrayNode array(Page page, List<T> rows, Function<T, JsonNode> json) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        rows.stream().limit(page.limit()).map(json).forEach(array::add);
        return array;
    }

    /** The answer with where the list goes on. */
    static <T> Answer linked(Answer answer, Request request, Page page, List<T> rows, Function<T, String> id) {
        if (rows.size() <= page.limit()) {
            return answer;
        }
        StringJoiner query = new StringJoiner("&");
        request.query().forEach((name, values) -> {
            if (!name.equals(MARKER)) {
                values.forEach(value -> query.add(encode(name) + "=" + encode(value)));
            }
        });
        query.add(MARKER + "=" + encode(id.apply(rows.get(page.limit() - 1))));
        return answer.with("Link", "<" + request.url() + "?" + query + ">; rel=\"next\"");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
