package org.caravan.invoice;

import java.util.Optional;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.util.ObjectHelper;
import org.caravan.common.UserError;

/** Reads from an exception what a person and the state machine need. */
final class Failures {
    private Failures() {}

    /** As {@link #kind(Throwable)}, of a delivery: a connector that could not even be made has sent nothing. */
    static Deliveries.Failure kind(Throwable error, ConnectorInfo connector) {
        ResolveEndpointFailedException unresolved =
                ObjectHelper.getException(ResolveEndpointFailedException.class, error);
        String own = "kamelet:(//)?" + connector.uri() + "([?/].*)?";
        Deliveries.Failure kind = kind(error);
        return kind == Deliveries.Failure.UNKNOWN
                        && unresolved != null
                        && unresolved.getUri() != null
                        && unresolved.getUri().matches(own)
                ? Deliveries.Failure.UNSENT
                : kind;
    }

    /** What a thrown error says about the attempt. */
    static Deliveries.Failure kind(Throwable error) {
        if (ObjectHelper.getException(UserError.class, error) != null) {
            return Deliveries.Failure.PERMANENT;
        }
        if (ObjectHelper.getException(NotSentException.class, error) != null) {
            return Deliveries.Failure.UNSENT;
        }
        return Deliveries.Failure.UNKNOWN;
    }

    /** The reason in a line: our own error's text, else type and message of what lies at the bottom. */
    static String reason(Throwable error) {
        UserError ours = ObjectHelper.getException(UserError.class, error);
        if (ours != null) {
            return ours.getMessage();
        }
        Throwable root = error;
        // bounded, for a chain of causes may be a circle
        for (int i = 0; i < 32 && root.getCause() != null; i++) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": "
                + Optional.ofNullable(root.getMessage()).orElse("no message");
    }
}
