package org.caravan.invoice;

import java.time.Duration;

/**
 * The limits of closing.
 *
 * @param accountsPerTransaction most accounts issued in one transaction
 * @param sumsPerTransaction most sums of usage gathered for one transaction: bounds its memory and time
 * @param lockWait longest wait for a bucket
 * @param lease how long a month may stay {@code closing}
 * @param attempts tries of a transaction that a deadlock, a race for a key or a lost connection broke
 */
public record CloseSettings(
        int accountsPerTransaction, int sumsPerTransaction, Duration lockWait, Duration lease, int attempts) {
    public CloseSettings {
        if (accountsPerTransaction < 1 || sumsPerTransaction < 1 || attempts < 1) {
            throw new IllegalArgumentException(
                    "accountsPerTransaction, sumsPerTransaction and attempts must be at least 1;" + " are "
                            + accountsPerTransaction + ", " + sumsPerTransaction + ", " + attempts);
        }
        if (lockWait.toMillis() < 1 || lease.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "lockWait and lease must be at least a millisecond; are " + lockWait + ", " + lease);
        }
    }

    /** What holds where nothing else is said. */
    public static CloseSettings defaults() {
        return new CloseSettings(100, 20_000, Duration.ofSeconds(60), Duration.ofMinutes(5), 3);
    }
}
