package org.caravan.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.caravan.common.Json;
import org.caravan.common.UserError;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;

/** Reads and rates held records again, under the meters, limits and prices of today. */
public final class HeldReader {
    private static final String CSV = "caravan-csv";
    private static final String JSONL = "caravan-jsonl";
    private static final String CLOUD_EVENTS = "caravan-cloudevents";

    private final MeteringSettings settings;
    private final MeterCatalog meters;
    private final Clock clock;
    private final Consumer<UsageBatch> rater;

    /** @param rater prices every record of a batch, as {@code Rater.rate} does */
    public HeldReader(MeteringSettings settings, MeterCatalog meters, Clock clock, Consumer<UsageBatch> rater) {
        // one batch, in this thread, and never refused for the records that can't be used: that they were is why we are
        // here
        this.settings = settings.withReadAhead(0)
                .withBatchSize(QuarantineRetry.MAX_RECORDS)
                .with("refuseAbove", Integer.MAX_VALUE);
        this.meters = meters;
        this.clock = clock;
        this.rater = rater;
    }

    /**
     * A rated batch of the records.
     *
     * @param records whole ones of one format and context
     * @param byPosition takes each record under its position in the batch
     * @throws UserError if none of them can be read any more
     */
    UsageBatch read(List<QuarantineEntry> records, Map<Long, QuarantineEntry> byPosition) {
        QuarantineEntry first = records.get(0);
        StringBuilder text = new StringBuilder();
        boolean csv = CSV.equals(first.format());
        if (!csv && !JSONL.equals(first.format()) && !CLOUD_EVENTS.equals(first.format())) {
            throw new UserError("records of format " + first.format()
                    + " can't be read again from here: mend the cause, bring them once more by their source (a sample's text"
                    + " is a line of a file of samples), then drop them");
        }
        if (csv) {
            text.append(first.context()).append('\n');
        }
        long line = csv ? 2 : 1;
        for (QuarantineEntry record : records) {
            byPosition.put(line++, record);
            // a line break in JSON is a blank; one record must stay one line
            text.append(record.raw().replace('\n', ' ')).append('\n');
        }
        UsageInput input =
                UsageInput.of(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)), "quarantine");
        MeterCatalog catalog = !csv && isGiven(first) ? meters.withGivenPrices() : meters;
        try (UsageBatches batches = open(first.format(), input, catalog)) {
            UsageBatch batch = batches.next();
            if (batches.hasNext()) {
                throw new IllegalStateException("held records don't fit into one batch");
            }
            refuseOtherUnits(batch, byPosition);
            rater.accept(batch);
            return batch;
        }
    }

    private UsageBatches open(String format, UsageInput input, MeterCatalog catalog) {
        return switch (format) {
            case CSV -> UsageBatches.csv(input, settings, catalog, clock);
            case CLOUD_EVENTS -> UsageBatches.cloudEvents(input, settings, catalog, clock);
            default -> UsageBatches.jsonl(input, settings, catalog, clock);
        };
    }

    /** A record that was converted before must not be converted again: its meter is billed in another unit since. */
    private static void refuseOtherUnits(UsageBatch batch, Map<Long, QuarantineEntry> byPosition) {
        Map<String, String> units = new HashMap<>();
        for (int row = 0; row < batch.size(); row++) {
            QuarantineEntry record = byPosition.get(batch.position(row));
            if (!isConverted(record)) {
                continue;
            }
            String before = units.computeIfAbsent(record.raw(), HeldReader::unit);
            String today = batch.key(row).unit();
            if (!before.equals(today)) {
                batch.reject(
                        row,
                        "was set aside in unit '" + before + "', but meter "
                                + batch.key(row).meter().name() + " is billed in '" + today
                                + "' today: drop it and read its source again");
            }
        }
    }

    private static boolean isGiven(QuarantineEntry record) {
        return Rejected.GIVEN_PRICE.equals(record.context())
                || Rejected.BILLED_UNITS_GIVEN_PRICE.equals(record.context());
    }

    private static boolean isConverted(QuarantineEntry record) {
        return Rejected.BILLED_UNITS.equals(record.context())
                || Rejected.BILLED_UNITS_GIVEN_PRICE.equals(record.context());
    }

    private static String unit(String raw) {
        try {
            return Json.mapper().readTree(raw).path("unit").asText("");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record that was read can't be read: " + e.getOriginalMessage(), e);
        }
    }
}
