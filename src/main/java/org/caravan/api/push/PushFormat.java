package org.caravan.api.push;

import java.util.Locale;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;

/** What a body may be, told by its content type. */
public enum PushFormat {
    /** An array of records; a single one, too. */
    JSON("caravan-jsonl"),
    /** A record a line. */
    LINES("caravan-jsonl"),
    /** An array of CloudEvents; a single one, too. */
    EVENTS("caravan-cloudevents");

    private static final String WANTED = "send application/json (an array of records), application/x-ndjson (a record a"
            + " line) or application/cloudevents-batch+json";

    private final String dataFormat;

    PushFormat(String dataFormat) {
        this.dataFormat = dataFormat;
    }

    /** Name of the data format that reads its records. */
    public String dataFormat() {
        return dataFormat;
    }

    /** @throws ApiError 415 for any other type, or none */
    static PushFormat of(Request request) {
        String header = request.header("content-type");
        if (header == null || header.isBlank()) {
            throw new ApiError(415, "The push has no Content-Type: " + WANTED + ".");
        }
        String[] parts = header.toLowerCase(Locale.ROOT).split(";");
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                throw new ApiError(415, "Content-Type: " + shown(header) + ": the body must be UTF-8.");
            }
        }
        return switch (parts[0].strip()) {
            case "application/json" -> JSON;
            case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines" -> LINES;
            case "application/cloudevents-batch+json", "application/cloudevents+json" -> EVENTS;
            default -> throw new ApiError(415, "Content-Type: " + shown(header) + " is no usage: " + WANTED + ".");
        };
    }

    private static String shown(String header) {
        String line = header.replaceAll("[\\p{Cntrl}]", " ");
        return line.length() <= 100 ? line : line.substring(0, 100) + "…";
    }
}
