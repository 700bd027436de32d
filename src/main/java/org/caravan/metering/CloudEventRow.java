package org.caravan.metering;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A CloudEvent (1.0) that bears a usage record in its data, as structured JSON or, as a message, in binary mode: attributes
 * in headers, data as value. What data does not say is taken from an extension attribute of the field's name, then from
 * the standard attributes: meter from {@code type}, tenant from {@code subject}, id from {@code source} and {@code id},
 * the period from {@code time}.
 */
final class CloudEventRow extends JsonRow {
    static final String FORMAT = "caravan-cloudevents";

    /** The standard attributes that are looked at; in this order they stand behind the fields in {@link #attributeFrom}. */
    private static final List<String> STANDARD =
            List.of("specversion", "id", "source", "type", "subject", "time", "datacontenttype");

    private static final int SPECVERSION = 0;
    private static final int EVENT_ID = 1;
    private static final int EVENT_SOURCE = 2;
    private static final int TYPE = 3;
    private static final int SUBJECT = 4;
    private static final int TIME = 5;
    private static final int CONTENT_TYPE = 6;
    private static final String[] REQUIRED = {"specversion", "id", "source", "type"};

    private static final String DATA = "data";
    private static final List<String> FIELDS = List.of(NAMES);
    private static final int FRACTION_DIGITS = 6;

    private final int[] attributeFrom = new int[NAMES.length + STANDARD.size()];
    private final int[] attributeTo = new int[NAMES.length + STANDARD.size()];
    private final CloudEventHeaders headers = new CloudEventHeaders();

    CloudEventRow(MeteringSettings settings) {
        super(settings);
    }

    @Override
    String format() {
        return FORMAT;
    }

    @Override
    String read(RawText text) {
        Arrays.fill(attributeFrom, 0);
        Arrays.fill(attributeTo, 0);
        moment = false;
        headers.read(text);
        return headers.problem() != null ? headers.problem() : super.read(text);
    }

    @Override
    String read(JsonParser parser, RawText text) throws IOException {
        String problem = headers.isBinary() ? readBinary(parser) : readStructured(parser);
        if (problem != null) {
            return problem;
        }
        if (parser.nextToken() != null) {
            return "more than one JSON value in the " + text.what();
        }
        return complete();
    }

    private String readBinary(JsonParser parser) throws IOException {
        for (CloudEventHeaders.Attribute attribute : headers.attributes()) {
            int slot = slot(attribute.name());
            if (slot >= 0) {
                attributeFrom[slot] = texts.length;
                texts.add(attribute.value());
                attributeTo[slot] = texts.length;
            }
        }
        return readData(parser);
    }

    private String readStructured(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return "no JSON object";
        }
        boolean data = false;
        long seen = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (name.equals(DATA)) {
                if (data) {
                    return "attribute 'data' stands here twice";
                }
                data = true;
                String problem = readData(parser);
                if (problem != null) {
                    return problem;
                }
                continue;
            }
            if (name.equals("data_base64")) {
                return "data_base64: the data must be JSON";
            }
            int slot = slot(name);
            if (slot >= 0 && (seen & 1L << slot) != 0) {
                return "attribute " + KeyMaker.shown(name) + " stands here twice";
            }
            seen |= slot < 0 ? 0 : 1L << slot;
            String problem = readAttribute(parser, name, slot);
            if (problem != null) {
                return problem;
            }
        }
        return data ? null : "no data";
    }

    private String readData(JsonParser parser) throws IOException {
        String problem = readRecord(parser);
        return problem == null ? null : "data: " + problem;
    }

    private String readAttribute(JsonParser parser, String name, int slot) throws IOException {
        JsonToken token = parser.nextToken();
        if (!token.isScalarValue()) {
            return "attribute " + KeyMaker.shown(name) + ": expected a plain value, found " + found(token);
        }
        if (slot >= 0 && token != JsonToken.VALUE_NULL) {
            attributeFrom[slot] = texts.length;
            texts.add(parser);
            attributeTo[slot] = texts.length;
        }
        return null;
    }

    /** Where an attribute is kept; below 0 if it is not looked at. */
    private static int slot(String name) {
        int standard = STANDARD.indexOf(name);
        return standard >= 0 ? NAMES.length + standard : FIELDS.indexOf(name);
    }

    // ---- what data does not say ------------------------------------------------------------------------------------

    /** Fills the fields that data left open; answers what is wrong with the envelope, or null. */
    private String complete() {
        for (String attribute : REQUIRED) {
            if (!hasStandard(STANDARD.indexOf(attribute))) {
                return "no attribute " + attribute + ", which a CloudEvent must have";
            }
        }
        String version = standard(SPECVERSION);
        if (!version.equals("1.0")) {
            return "specversion " + KeyMaker.shown(version) + " is not 1.0";
        }
        if (!headers.isBinary() && hasStandard(CONTENT_TYPE) && !CloudEventHeaders.isJson(standard(CONTENT_TYPE))) {
            return "datacontenttype " + KeyMaker.shown(standard(CONTENT_TYPE)) + ": the data must be JSON";
        }
        for (int field = 0; field < NAMES.length; field++) {
            if (!has(field)) {
                take(field, field);
            }
        }
        if (!has(METER)) {
            take(METER, NAMES.length + TYPE);
        }
        if (!has(TENANT)) {
            take(TENANT, NAMES.length + SUBJECT);
        }
        if (!has(ID)) {
            takeId();
        }
        takeTime();
        return null;
    }

    private void take(int field, int slot) {
        from[field] = attributeFrom[slot];
        to[field] = attributeTo[slot];
    }

    /** An event's id is unique within its source only. A source has no blanks, so no two pairs read as one. */
    private void takeId() {
        int start = texts.length;
        texts.add(texts.bytes, attributeFrom[NAMES.length + EVENT_SOURCE], attributeTo[NAMES.length + EVENT_SOURCE]);
        texts.add((byte) ' ');
        texts.add(texts.bytes, attributeFrom[NAMES.length + EVENT_ID], attributeTo[NAMES.length + EVENT_ID]);
        from[ID] = start;
        to[ID] = texts.length;
    }

    /** The time of an event without a period is its begin, to the microsecond: many libraries write more digits. */
    private void takeTime() {
        if (has(BEGIN) || has(END) || !hasStandard(TIME)) {
            return;
        }
        int start = attributeFrom[NAMES.length + TIME];
        int end = attributeTo[NAMES.length + TIME];
        int fraction = start;
        while (fraction < end && texts.bytes[fraction] != '.') {
            fraction++;
        }
        int zone = fraction + 1;
        while (zone < end && texts.bytes[zone] >= '0' && texts.bytes[zone] <= '9') {
            zone++;
        }
        from[BEGIN] = texts.length;
        if (zone - fraction - 1 > FRACTION_DIGITS) {
            texts.add(texts.bytes, start, fraction + 1 + FRACTION_DIGITS);
            texts.add(texts.bytes, zone, end);
        } else {
            texts.add(texts.bytes, start, end);
        }
        to[BEGIN] = texts.length;
        moment = true;
    }

    private boolean hasStandard(int attribute) {
        return attributeTo[NAMES.length + attribute] > attributeFrom[NAMES.length + attribute];
    }

    private String standard(int attribute) {
        int start = attributeFrom[NAMES.length + attribute];
        return new String(texts.bytes, start, attributeTo[NAMES.length + attribute] - start, StandardCharsets.UTF_8);
    }

    // ---- what is kept of one that can't be used --------------------------------------------------------------------

    @Override
    String whole(RawText text) {
        String value = super.whole(text);
        return headers.isBinary() ? headers.structured(value) : value;
    }
}
