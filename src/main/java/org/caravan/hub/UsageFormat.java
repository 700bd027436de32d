package org.caravan.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import org.caravan.common.UserError;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;

/** How a usage file is written, told by the end of its name. */
enum UsageFormat {
    CSV,
    JSONL;

    /** @throws UserError if the name tells no format */
    static UsageFormat of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
        if (plain.endsWith(".csv")) {
            return CSV;
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            return JSONL;
        }
        throw new UserError(
                "usage file " + file + ": its name must end in .csv, .jsonl or .ndjson, each also with .gz");
    }

    /** Opens the file's content as batches. */
    UsageBatches open(UsageInput input, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        return this == CSV
                ? UsageBatches.csv(input, settings, meters, clock)
                : UsageBatches.jsonl(input, settings, meters, clock);
    }

    /**
     * Reads what stands before the first record.
     *
     * @throws UserError if the file can't be read, or a required column is missing
     */
    void check(Path file, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        try (InputStream in = Files.newInputStream(file);
                UsageBatches batches =
                        open(UsageInput.of(in, "file " + file), settings.withReadAhead(0), meters, clock)) {
            // Opening it is the check: the header is read at once.
            batches.hasNext();
        } catch (IOException e) {
            throw new UserError("usage file " + file + ": can't be read (" + e.getMessage() + ")", e);
        }
    }
}
