package org.caravan.metering;

import org.caravan.common.UserError;

/**
 * An input that can't be used as a whole, for a reason that lies in the input: reading it again changes nothing. Inputs
 * beside it are not concerned.
 */
public class RefusedUsage extends UserError {
    public RefusedUsage(String message) {
        super(message);
    }

    public RefusedUsage(String message, Throwable cause) {
        super(message, cause);
    }
}
