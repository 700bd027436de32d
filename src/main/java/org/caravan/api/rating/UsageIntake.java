package org.caravan.api.rating;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.caravan.api.http.ApiError;
import org.caravan.common.UserError;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.PushedPositions;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.Rater;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/**
 * Takes in usage that is pushed with its prices: through the same reader, quarantine and ledger as any other, durable when it
 * returns. What was pushed is a position by its digest, so that the same push again is known at once.
 */
public final class UsageIntake {
    /** The source that pushed data frames belong to. */
    public static final String SOURCE = "dataframes";

    /** How long a push is known by its digest; after that its records' identity tells that they are billed. */
    private static final Duration KNOWN = Duration.ofDays(7);

    private static final Duration CLEAN_EVERY = Duration.ofHours(1);
    private static final int UNAVAILABLE = 503;

    private final Ledger ledger;
    private final PushedPositions positions;
    private final MeteringSettings settings;
    private final MeterCatalog meters;
    private final Clock clock;

    /** No rules: what a record comes with is what it costs. */
    private final Rater rater = new ModuleChain(new TariffHolder(Tariff.compile(RuleSet.EMPTY)));

    private final AtomicReference<Instant> cleaned = new AtomicReference<>(Instant.MIN);

    public UsageIntake(
            Ledger ledger, PushedPositions positions, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        this.ledger = ledger;
        this.positions = positions;
        // one push, one transaction; and never refused for records that can't be used: nobody would have them then
        this.settings = settings.withReadAhead(0)
                .withBatchSize(MeteringSettings.MAX_BATCH_SIZE)
                .with("refuseAbove", Integer.MAX_VALUE);
        this.meters = meters.withGivenPrices();
        this.clock = clock;
    }

    int maxLineBytes() {
        return settings.maxLineBytes();
    }

    /**
     * Commits records.
     *
     * @param lines of caravan-jsonl, each with its price
     * @param push what they came as
     */
    void take(List<String> lines, byte[] push) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        UsageInput input = new UsageInput(new ByteArrayInputStream(text), "pushed data frames", SOURCE, digest(push));
        try (UsageBatches batches = UsageBatches.jsonl(input, settings, meters, clock)) {
            while (batches.hasNext()) {
                UsageBatch batch = batches.next();
                rater.rate(batch);
                ledger.commit(batch);
            }
        } catch (UserError full) {
            // the sender did nothing wrong, and can send it again
            throw new ApiError(UNAVAILABLE, full.getMessage(), full);
        }
        clean();
    }

    private void clean() throws SQLException {
        Instant now = clock.instant();
        Instant last = cleaned.get();
        if ((last.equals(Instant.MIN) || Duration.between(last, now).compareTo(CLEAN_EVERY) >= 0)
                && cleaned.compareAndSet(last, now)) {
            positions.forget(SOURCE, KNOWN);
        }
    }

    private static String digest(byte[] push) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(push));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
