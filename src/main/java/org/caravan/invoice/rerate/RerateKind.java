package org.caravan.invoice.rerate;

/** What an order to re-rate is about. */
public enum RerateKind {
    /** A window of time of open months. */
    REPROCESS("reprocess"),
    /** The same from a moment on, without an end. */
    RESET("reset"),
    /** An issued month, whose difference is billed in an open one. */
    CORRECTION("correction");

    private final String code;

    RerateKind(String code) {
        this.code = code;
    }

    /** The word in the database. */
    public String code() {
        return code;
    }

    static RerateKind of(String code) {
        for (RerateKind kind : values()) {
            if (kind.code.equals(code)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of re-rating: " + code);
    }
}
