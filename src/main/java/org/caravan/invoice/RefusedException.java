package org.caravan.invoice;

import org.caravan.common.UserError;

/**
 * Thrown by a connector whose ERP refuses this document and would refuse it again: the delivery is parked with this reason
 * until a person has seen to it, and the documents behind it go on. Only for what the ERP said of this very document; what
 * lies in the connector's settings or the ERP's state is a {@link NotSentException}.
 */
public final class RefusedException extends UserError {
    /** Says what the ERP refuses, and why. */
    public RefusedException(String message) {
        super(message);
    }
}
