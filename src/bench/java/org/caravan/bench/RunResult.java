package org.caravan.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.caravan.common.Json;

/**
 * What one measured process says of itself, as the last line of its output.
 *
 * @param nanos measured span
 * @param wholeNanos the span with what comes before and after it: start of the database, closing, delivery
 * @param rows rows of the result: groups (limit) or entries (ledger)
 * @param peakRssMiB the process's own largest resident size
 * @param peakHeapMiB the largest heap in use after it was read; 0 where it is no Java heap that matters
 * @param databasePeakRssMiB of PostgreSQL, shared memory counted once; 0 if there is none
 */
record RunResult(long nanos, long wholeNanos, long rows, long peakRssMiB, long peakHeapMiB, long databasePeakRssMiB) {
    String json() {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("nanos", nanos).put("wholeNanos", wholeNanos).put("rows", rows).put("peakRssMiB", peakRssMiB);
        return node.put("peakHeapMiB", peakHeapMiB)
                .put("databasePeakRssMiB", databasePeakRssMiB)
                .toString();
    }

    static RunResult parse(String line) throws IOException {
        JsonNode node = Json.mapper().readTree(line);
        return new RunResult(
                node.required("nanos").longValue(),
                node.required("wholeNanos").longValue(),
                node.required("rows").longValue(),
                node.required("peakRssMiB").longValue(),
                node.required("peakHeapMiB").longValue(),
                node.required("databasePeakRssMiB").longValue());
    }

    double seconds() {
        return nanos / 1e9;
    }

    double wholeSeconds() {
        return wholeNanos / 1e9;
    }
}
