package org.caravan.metering;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caravan.common.Json;

/** What the headers of a message say of the CloudEvent in it, by CloudEvents' protocol binding for Kafka. */
final class CloudEventHeaders {
    private static final String ATTRIBUTE_PREFIX = "ce_";
    private static final String CONTENT_TYPE = "content-type";
    private static final String EVENT = "application/cloudevents";

    /** An attribute as its header has it. */
    record Attribute(String name, String value) {}

    private final List<Attribute> attributes = new ArrayList<>();
    private String contentType;
    private boolean binary;
    private String problem;

    /** Looks at the headers of a message; a line has none. */
    void read(RawText text) {
        attributes.clear();
        contentType = null;
        problem = null;
        if (text instanceof MessageText message) {
            message.headers(this::add);
        }
        boolean event = contentType != null && contentType.startsWith(EVENT);
        if (problem == null && event && contentType.startsWith(EVENT + "-batch")) {
            problem = "content type " + KeyMaker.shown(contentType) + ": send one event a message";
        }
        binary = !event && attributes.stream().anyMatch(attribute -> attribute.name.equals("specversion"));
        if (problem == null && binary && contentType != null && !isJson(contentType)) {
            problem = "content type " + KeyMaker.shown(contentType) + ": the data must be JSON";
        }
    }

    private void add(String header, byte[] value) {
        String name = header.toLowerCase(Locale.ROOT);
        if (!name.startsWith(ATTRIBUTE_PREFIX) && !name.equals(CONTENT_TYPE) || value == null) {
            return;
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            problem = "header " + KeyMaker.shown(header) + " is not UTF-8 text";
            return;
        }
        if (name.equals(CONTENT_TYPE)) {
            contentType = text.strip().toLowerCase(Locale.ROOT);
            return;
        }
        String attribute = name.substring(ATTRIBUTE_PREFIX.length());
        if (attributes.stream().anyMatch(known -> known.name.equals(attribute))) {
            problem = "header " + KeyMaker.shown(header) + " stands here twice";
        }
        attributes.add(new Attribute(attribute, text));
    }

    /** True if the attributes are in the headers and the value is the data alone. */
    boolean isBinary() {
        return binary;
    }

    /** The attributes of an event in binary mode. */
    List<Attribute> attributes() {
        return attributes;
    }

    /** What is wrong with them, or null. */
    String problem() {
        return problem;
    }

    /** The event in structured mode; null if its data is no JSON, so that it can't stand in one. */
    String structured(String data) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        attributes.forEach(attribute -> event.put(attribute.name, attribute.value));
        try {
            Json.mapper().readTree(data);
        } catch (JsonProcessingException e) {
            return null;
        }
        String envelope = event.toString();
        // the data as it was written: numbers keep their digits
        return envelope.substring(0, envelope.length() - 1) + ",\"data\":" + data + "}";
    }

    /** True for {@code application/json} and what is built on it, parameters aside. */
    static boolean isJson(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
    }
}
