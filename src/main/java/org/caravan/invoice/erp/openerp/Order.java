package org.caravan.invoice.erp.openerp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Json;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.invoice.document.DocumentKey;

/**
 * A document to be committed.
 *
 * @param fingerprint SHA-256 of its JSON exactly as it was issued
 */
record Order(Document document, String fingerprint) {
    /** The document of a text. */
    static Order of(String json) {
        return new Order(DocumentJson.read(json.getBytes(StandardCharsets.UTF_8)), DocumentKey.sha256(json));
    }

    /**
     * The documents of an array, each with its own text.
     *
     * @throws UserError if it is no array of documents
     */
    static List<Order> array(String json) {
        List<Order> orders = new ArrayList<>();
        try (JsonParser parser = Json.mapper().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new UserError("openerp: the body is no array of documents");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                orders.add(
                        of(json.substring(begin, (int) parser.currentLocation().getCharOffset())));
            }
            if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
                throw new UserError("openerp: the body is no array of documents");
            }
        } catch (IOException e) {
            throw new UserError("openerp: the body is no array of documents (" + e.getMessage() + ")", e);
        }
        return orders;
    }
}
