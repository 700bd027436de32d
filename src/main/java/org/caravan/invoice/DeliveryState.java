package org.caravan.invoice;

import java.util.Set;

/** Where one document stands with one connector. */
public enum DeliveryState {
    /** Waits for its first attempt. */
    PENDING("pending"),
    /** An attempt runs; its outcome is not known until it ends or its lease lapses. */
    DELIVERING("delivering"),
    /** The ERP has it, under the reference kept with the row. Never left. */
    COMMITTED("committed"),
    /** The last attempt failed; another one follows when it is due. */
    RETRYING("retrying"),
    /** Nobody knows whether the ERP has it; the connector's declared repeat decides how doubt ends. */
    IN_DOUBT("in-doubt"),
    /** Stopped with a reason; waits for a person. */
    PARKED("parked");

    private static final StateGraph<DeliveryState> GRAPH = new StateGraph<>(DeliveryState.class, PENDING)
            .move(PENDING, DELIVERING, "an attempt starts")
            .move(PENDING, PARKED, "refused or parked by hand")
            .move(PENDING, COMMITTED, "found after a restore")
            .move(PENDING, IN_DOUBT, "the connector of a restored ledger can't be asked")
            .move(DELIVERING, COMMITTED, "the ERP answered its reference")
            .move(DELIVERING, RETRYING, "failed and may be sent again")
            .move(DELIVERING, IN_DOUBT, "no reference, lease lapsed, or broken after sending")
            .move(DELIVERING, PARKED, "permanent error or attempts used up")
            .move(RETRYING, DELIVERING, "the next attempt starts")
            .move(RETRYING, PARKED, "refused or parked by hand")
            .move(RETRYING, COMMITTED, "found after a restore")
            .move(RETRYING, IN_DOUBT, "its connector is not safe any more, or can't be asked after a restore")
            .move(IN_DOUBT, RETRYING, "repeat is safe or resend ordered")
            .move(IN_DOUBT, COMMITTED, "found in the ERP or adopted")
            .move(IN_DOUBT, PARKED, "attempts used up or parked by hand")
            .move(PARKED, RETRYING, "retry ordered")
            .move(PARKED, COMMITTED, "adopted");

    private final String code;

    DeliveryState(String code) {
        this.code = code;
    }

    /** The word that the database, commands and documents use. */
    public String code() {
        return code;
    }

    /**
     * The state with this database word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static DeliveryState of(String code) {
        for (DeliveryState state : values()) {
            if (state.code.equals(code)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no delivery state '" + code + "'");
    }

    /**
     * Refuses an illegal move.
     *
     * @return the next state
     * @throws IllegalStateException if this state may not become {@code next}
     */
    public DeliveryState become(DeliveryState next) {
        GRAPH.require(this, next);
        return next;
    }

    /** The states that may become this one. */
    public Set<DeliveryState> before() {
        return GRAPH.before(this);
    }

    /** The graph as Mermaid text, as {@code docs/deliveries.md} shows it. */
    public static String mermaid() {
        return GRAPH.mermaid();
    }

    @Override
    public String toString() {
        return code;
    }
}
