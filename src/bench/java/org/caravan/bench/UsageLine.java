package org.caravan.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.caravan.common.Json;

/**
 * A usage record as a source writes it.
 *
 * @param zone offset that the source writes its times in, null for times without one (UTC)
 */
record UsageLine(
        String id,
        String tenant,
        String datacenter,
        String resource,
        String meter,
        BigDecimal quantity,
        String unit,
        Instant begin,
        Instant end,
        ZoneOffset zone,
        String flavor,
        String volumeType,
        String name,
        String os) {
    static final String HEADER =
            "id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor,volume_type,name,os";

    String csv() {
        return String.join(
                ",",
                id,
                cell(tenant),
                datacenter,
                cell(resource),
                meter,
                quantity.toPlainString(),
                unit,
                time(begin),
                time(end),
                cell(flavor),
                cell(volumeType),
                cell(name),
                cell(os));
    }

    /** As one line of caravan-jsonl; {@code cores} is a number in the metadata, left out where it is 0. */
    String json(int cores) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("id", id).put("tenant", tenant).put("datacenter", datacenter);
        node.put("resource", resource)
                .put("meter", meter)
                .put("quantity", quantity.toPlainString())
                .put("unit", unit);
        node.put("begin", time(begin)).put("end", time(end));
        ObjectNode metadata = node.putObject("metadata");
        put(metadata, "flavor", flavor);
        put(metadata, "volume_type", volumeType);
        put(metadata, "name", name);
        put(metadata, "os", os);
        if (cores > 0) {
            metadata.put("vcpus", cores).put("reserved", cores > 4);
        }
        return node.toString();
    }

    UsageLine withQuantity(String newId, BigDecimal other) {
        return new UsageLine(
                newId,
                tenant,
                datacenter,
                resource,
                meter,
                other,
                unit,
                begin,
                end,
                zone,
                flavor,
                volumeType,
                name,
                os);
    }

    UsageLine withPeriod(String newId, Instant from, Instant to) {
        return new UsageLine(
                newId,
                tenant,
                datacenter,
                resource,
                meter,
                quantity,
                unit,
                from,
                to,
                zone,
                flavor,
                volumeType,
                name,
                os);
    }

    private String time(Instant instant) {
        return zone == null
                ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC))
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(zone));
    }

    private static void put(ObjectNode node, String key, String value) {
        if (!value.isEmpty()) {
            node.put(key, value);
        }
    }

    private static String cell(String text) {
        boolean plain = text.indexOf(',') < 0 && text.indexOf('"') < 0;
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
