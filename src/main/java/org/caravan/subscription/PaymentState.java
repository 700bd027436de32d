package org.caravan.subscription;

/** How far the check of a configuration or payment method is. */
enum PaymentState {
    PENDING,
    VERIFYING,
    ACTIVE,
    INVALID
}
