package org.caravan.metering;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Reads small texts in tests, at a fixed time and without a thread of its own. */
final class Reading {
    static final Clock NOW = Clock.fixed(Instant.parse("2026-11-02T00:00:00Z"), ZoneOffset.UTC);
    static final MeteringSettings SETTINGS = MeteringSettings.defaults().withReadAhead(0);
    static final String HEADER = "id,tenant,datacenter,resource,meter,quantity,unit,begin,end";

    private Reading() {}

    static List<UsageBatch> csv(String text) {
        return csv(text, SETTINGS, MeterCatalog.empty());
    }

    static List<UsageBatch> csv(String text, MeteringSettings settings, MeterCatalog meters) {
        return all(UsageBatches.csv(input(text), settings, meters, NOW));
    }

    static List<UsageBatch> jsonl(String text) {
        return jsonl(text, SETTINGS, MeterCatalog.empty());
    }

    static List<UsageBatch> jsonl(String text, MeteringSettings settings, MeterCatalog meters) {
        return all(UsageBatches.jsonl(input(text), settings, meters, NOW));
    }

    static UsageInput input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    static UsageInput input(byte[] bytes) {
        return input(new ByteArrayInputStream(bytes));
    }

    static UsageInput input(InputStream stream) {
        return new UsageInput(stream, "file usage", "files", "key");
    }

    static List<UsageBatch> all(UsageBatches batches) {
        try (batches) {
            List<UsageBatch> all = new ArrayList<>();
            batches.forEachRemaining(all::add);
            return all;
        }
    }

    static List<UsageRecord> records(List<UsageBatch> batches) {
        List<UsageRecord> records = new ArrayList<>();
        for (UsageBatch batch : batches) {
            for (int row = 0; row < batch.size(); row++) {
                records.add(batch.record(row));
            }
        }
        return records;
    }

    static List<Rejected> rejected(List<UsageBatch> batches) {
        return batches.stream().flatMap(b -> b.rejected().stream()).toList();
    }
}
