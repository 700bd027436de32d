package org.caravan.subscription.provision;

import java.util.Locale;

/** How far a subscription's projects are: each state says what is done. */
public enum ProvisioningState {
    /** Ordered. */
    NEW,
    /** The customer's project is there, with its roles. */
    CUSTOMER_PROJECT,
    /** The subscription's project is there. */
    PROJECT,
    /** The user has its role on it. */
    ROLE,
    /** Tied: usage is billed. */
    ACTIVE,
    /** Given up, and taken back. */
    FAILED;

    /** The word in the database and in answers. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ProvisioningState of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** True if nothing more is going to be done. */
    public boolean isDone() {
        return this == ACTIVE || this == FAILED;
    }
}
