package org.caravan.invoice;

/** Where an issued document stands on its way to its deliveries. */
public enum FanOutState {
    /** Waits for the fan-out route. */
    PENDING("pending"),
    /** A hub asks the fan-out route; when its lease lapses the document is simply asked again. */
    FANNING("fanning"),
    /** Every chosen connector has its delivery row. Never left. */
    DONE("done"),
    /** No connector was chosen, or the route can't choose; waits for a person. */
    PARKED("parked");

    private static final StateGraph<FanOutState> GRAPH = new StateGraph<>(FanOutState.class, PENDING)
            .move(PENDING, FANNING, "claimed")
            .move(FANNING, FANNING, "the lease lapsed and another claimed it")
            .move(FANNING, DONE, "the last delivery row is written")
            .move(FANNING, PENDING, "the route failed")
            .move(FANNING, PARKED, "no connector, permanent error or attempts used up")
            .move(PARKED, PENDING, "retry ordered");

    private final String code;

    FanOutState(String code) {
        this.code = code;
    }

    /** The word that the database uses. */
    public String code() {
        return code;
    }

    /**
     * The state with this database word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static FanOutState of(String code) {
        for (FanOutState state : values()) {
            if (state.code.equals(code)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no fan-out state '" + code + "'");
    }

    /**
     * Refuses an illegal move.
     *
     * @return the next state
     * @throws IllegalStateException if this state may not become {@code next}
     */
    public FanOutState become(FanOutState next) {
        GRAPH.require(this, next);
        return next;
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
