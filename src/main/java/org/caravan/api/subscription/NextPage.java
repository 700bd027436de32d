package org.caravan.api.subscription;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.caravan.api.http.Request;

/** Where a list goes on that was cut at its limit. */
final class NextPage {
    private NextPage() {}

    /** The value of a {@code Link} header (RFC 8288). */
    static String link(Request request, String marker) {
        StringJoiner query = new StringJoiner("&");
        request.query().forEach((name, values) -> {
            if (!name.equals("marker")) {
                values.forEach(value -> query.add(encode(name) + "=" + encode(value)));
            }
        });
        query.add("marker=" + encode(marker));
        return "<" + request.url() + "?" + query + ">; rel=\"next\"";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
