package org.caravan.invoice;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The limits of fan-out and delivery.
 *
 * @param claimSize most rows that one claim leases
 * @param lease how long a claimed row, and after its start an attempt, belongs to its owner; longer than the slowest ERP
 *     call
 * @param firstDelay wait after the first failed attempt; doubles with each further one
 * @param maxDelay longest wait between two attempts
 * @param jitterPercent how much of a wait chance may take away, 0-100, so that failed rows don't return as one herd
 * @param maxAttempts attempts before a row is parked
 * @param maxErrorLength longest reason kept with a row, in characters
 * @param lanesAtOnce lanes of one connector that are served at a time
 * @param maxBatchBytes most bytes of documents in one batch; a single document may have more
 * @param mask takes secrets out of a reason before it is kept, which a target may quote there
 */
public record DeliverySettings(
        int claimSize,
        Duration lease,
        Duration firstDelay,
        Duration maxDelay,
        int jitterPercent,
        int maxAttempts,
        int maxErrorLength,
        int lanesAtOnce,
        int maxBatchBytes,
        UnaryOperator<String> mask) {
    private static final int LANES_AT_ONCE = 4;
    private static final int MAX_BATCH_BYTES = 8 << 20;

    /** A lane whose documents are harmless to repeat is asked this often, so that bad ones can't starve the good for long. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** With reasons kept as they come. */
    public DeliverySettings(
            int claimSize,
            Duration lease,
            Duration firstDelay,
            Duration maxDelay,
            int jitterPercent,
            int maxAttempts,
            int maxErrorLength,
            int lanesAtOnce,
            int maxBatchBytes) {
        this(
                claimSize,
                lease,
                firstDelay,
                maxDelay,
                jitterPercent,
                maxAttempts,
                maxErrorLength,
                lanesAtOnce,
                maxBatchBytes,
                UnaryOperator.identity());
    }

    /** With as many lanes at a time as holds where nothing else is said. */
    public DeliverySettings(
            int claimSize,
            Duration lease,
            Duration firstDelay,
            Duration maxDelay,
            int jitterPercent,
            int maxAttempts,
            int maxErrorLength) {
        this(claimSize, lease, firstDelay, maxDelay, jitterPercent, maxAttempts, maxErrorLength, LANES_AT_ONCE);
    }

    /** With what holds for batches where nothing else is said. */
    public DeliverySettings(
            int claimSize,
            Duration lease,
            Duration firstDelay,
            Duration maxDelay,
            int jitterPercent,
            int maxAttempts,
            int maxErrorLength,
            int lanesAtOnce) {
        this(
                claimSize,
                lease,
                firstDelay,
                maxDelay,
                jitterPercent,
                maxAttempts,
                maxErrorLength,
                lanesAtOnce,
                MAX_BATCH_BYTES);
    }

    public DeliverySettings {
        atLeast("lanesAtOnce", lanesAtOnce, 1);
        atLeast("maxBatchBytes", maxBatchBytes, 1);
        atLeast("claimSize", claimSize, 1);
        atLeast("maxAttempts", maxAttempts, 1);
        atLeast("maxErrorLength", maxErrorLength, 16);
        if (jitterPercent < 0 || jitterPercent > 100) {
            throw new IllegalArgumentException("jitterPercent must be 0-100, is " + jitterPercent);
        }
        if (lease.toMillis() < 1 || firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("lease must be positive and firstDelay at most maxDelay; lease is "
                    + lease + ", firstDelay " + firstDelay + ", maxDelay " + maxDelay);
        }
    }

    /** What holds where nothing else is said: about a day of attempts. */
    public static DeliverySettings defaults() {
        return new DeliverySettings(
                200, Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofHours(1), 20, 32, 2000);
    }

    /**
     * The wait after a failed attempt.
     *
     * @param attempt number of the attempt that failed, from 1
     * @param random where chance comes from
     */
    Duration delayAfter(int attempt, RandomGenerator random) {
        long max = maxDelay.toMillis();
        long delay = Math.min(firstDelay.toMillis(), max);
        for (int i = 1; i < attempt && delay < max; i++) {
            delay = Math.min(delay * 2, max);
        }
        long jitter = delay * jitterPercent / 100;
        return Duration.ofMillis(jitter == 0 ? delay : delay - random.nextLong(jitter + 1));
    }

    /**
     * How long a lane rests after attempts that failed one after the other. The first failure may be its document's own, so
     * the lane goes on; a second one is the ERP's.
     *
     * @param failures attempts that failed in a row, from 1
     * @param doubt true if the last one left doubt that a person must end: then each further attempt is dear
     */
    Duration pauseAfter(int failures, boolean doubt, RandomGenerator random) {
        if (failures < 2) {
            return Duration.ZERO;
        }
        Duration pause = delayAfter(failures - 1, random);
        return doubt || pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** A reason as it is kept: one line, bounded, without secrets. */
    String reason(String text) {
        return SqlText.line(mask.apply(text), maxErrorLength);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", is " + value);
        }
    }
}
