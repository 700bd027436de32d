package org.caravan.subscription.tie;

import org.caravan.common.UserError;

/** A tie that can't be: nothing has changed. The message names the thing and the remedy. */
public final class TieRefused extends UserError {
    /** Why not. */
    public enum Why {
        /** There is no such subscription. */
        UNKNOWN,
        /** The subscription has ended. */
        ENDED,
        /** The resource is another subscription's, or usage of it is another customer's still. */
        TAKEN,
        /** The subscription has usage of another resource. */
        USED,
        /** The resource's name can't be one. */
        UNFIT
    }

    private final Why why;

    TieRefused(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
