package org.caravan.api.push;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Arrays;
import org.caravan.api.http.ApiError;
import org.caravan.common.Json;

/** Where the records of a body lie in it. What they hold is for a data format to read. */
final class PushRecords {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // an array of records is one level more than a record
                    .maxNestingDepth(Json.MAX_DEPTH + 1)
                    .build())
            .build();

    private final byte[] body;
    private final int maxRecords;
    private int[] from = new int[64];
    private int[] to = new int[64];
    private int count;

    private PushRecords(byte[] body, int maxRecords) {
        this.body = body;
        this.maxRecords = maxRecords;
    }

    /**
     * Finds the records.
     *
     * @throws ApiError 400 if there are none, or the body can't be cut into records; 413 if there are too many
     */
    static PushRecords of(byte[] body, PushFormat format, int maxRecords) {
        PushRecords records = new PushRecords(body, maxRecords);
        if (format == PushFormat.LINES) {
            records.lines();
        } else {
            records.values();
        }
        if (records.count == 0) {
            throw new ApiError(400, "The body holds no record; send at least one.");
        }
        return records;
    }

    int count() {
        return count;
    }

    int from(int record) {
        return from[record];
    }

    int to(int record) {
        return to[record];
    }

    private void lines() {
        for (int start = 0; start < body.length; ) {
            int end = start;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            int last = end > start && body[end - 1] == '\r' ? end - 1 : end;
            if (!isBlank(start, last)) {
                add(start, last);
            }
            start = end + 1;
        }
    }

    private boolean isBlank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (body[i] != ' ' && body[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private void values() {
        try (JsonParser parser = FACTORY.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(parser);
                }
            } else if (first == JsonToken.START_OBJECT) {
                value(parser);
            } else {
                throw new ApiError(400, "The body is neither a JSON array of records nor a record; nothing was taken.");
            }
            if (parser.nextToken() != null) {
                throw broken(parser.currentTokenLocation(), "something follows the records");
            }
        } catch (JsonProcessingException e) {
            throw broken(e.getLocation(), e.getOriginalMessage());
        } catch (IOException e) {
            throw broken(null, e.getMessage());
        }
    }

    private void value(JsonParser parser) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        add(start, (int) parser.currentLocation().getByteOffset());
    }

    private ApiError broken(JsonLocation at, String what) {
        String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        String known = what == null ? "" : what.replaceAll("\\p{Cntrl}", " ");
        return new ApiError(
                400,
                "The body is no well-formed JSON" + place + ", in or behind record " + (count + 1) + " ("
                        + (known.length() <= 200 ? known : known.substring(0, 200) + "…")
                        + "); nothing of it was taken: mend it and send it again.");
    }

    private void add(int start, int end) {
        if (count == maxRecords) {
            throw new ApiError(
                    413,
                    "The push has more than " + maxRecords
                            + " records (caravan.push.maxRecords); nothing of it was taken: cut it into several pushes.");
        }
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
        }
        from[count] = start;
        to[count++] = end;
    }
}
