package org.caravan.invoice;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Json;

/**
 * Who a document is about, read from the top of its JSON: the lines, which are most of it, are not read.
 *
 * @param tenants whose usage it bears
 * @param customer name of who pays; {@code ""} if the document names nobody
 */
record DocumentParties(List<String> tenants, String customer) {
    static DocumentParties of(String body) {
        List<String> tenants = new ArrayList<>();
        String customer = "";
        try (JsonParser parser = Json.mapper().getFactory().createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME
                    && !parser.currentName().equals("sections")) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("tenants")) {
                    while (parser.nextToken() == JsonToken.VALUE_STRING) {
                        tenants.add(parser.getText());
                    }
                } else if (field.equals("customer")) {
                    customer = name(parser);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an issued document can't be read", e);
        }
        return new DocumentParties(List.copyOf(tenants), customer);
    }

    private static String name(JsonParser parser) throws IOException {
        String name = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean here = parser.currentName().equals("name");
            parser.nextToken();
            if (here) {
                name = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        return name;
    }
}
