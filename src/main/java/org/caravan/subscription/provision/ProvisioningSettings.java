package org.caravan.subscription.provision;

import java.time.Duration;

/**
 * How projects are made.
 *
 * @param role name of the role that a user gets on its projects
 * @param customerRole name of the role on the customer's project that lets it manage its own subscriptions
 * @param domain id of the domain that projects are made in
 * @param firstDelay wait after the first failed attempt; it doubles with each further one
 * @param maxDelay longest wait between two attempts
 * @param maxAttempts failed attempts before a run is given up
 * @param lease how long a subscription belongs to the hub that works on it; longer than its calls take
 */
public record ProvisioningSettings(
        String role,
        String customerRole,
        String domain,
        Duration firstDelay,
        Duration maxDelay,
        int maxAttempts,
        Duration lease) {
    /** The role that is often cloud-wide in Keystone, and a risk. */
    public static final String ADMIN = "admin";

    /** What holds where nothing else is said. */
    public static ProvisioningSettings defaults() {
        return new ProvisioningSettings(
                "member",
                "bs-admin",
                "default",
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                20,
                Duration.ofMinutes(5));
    }

    /** The wait after so many failed attempts. */
    Duration delay(int attempts) {
        Duration delay = firstDelay;
        for (int i = 1; i < attempts && delay.compareTo(maxDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
    }
}
