package org.caravan.subscription.provision;

import org.caravan.common.UserError;

/** An order to provide projects that can't be taken: nothing has changed. */
public final class ProvisioningRefused extends UserError {
    private final boolean conflict;

    ProvisioningRefused(boolean conflict, String message) {
        super(message);
        this.conflict = conflict;
    }

    /** True if another order stands in its way; false if the order itself is wrong. */
    public boolean isConflict() {
        return conflict;
    }
}
