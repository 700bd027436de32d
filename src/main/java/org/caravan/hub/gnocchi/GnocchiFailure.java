package org.caravan.hub.gnocchi;

/** Gnocchi gave no answer that can be used. The message names the cause and the remedy, and no secret. */
public final class GnocchiFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean away;

    private GnocchiFailure(boolean away, String message, Throwable cause) {
        super(message, cause);
        this.away = away;
    }

    /** Nothing can be read just now, of no metric. */
    static GnocchiFailure away(String message, Throwable cause) {
        return new GnocchiFailure(true, message, cause);
    }

    /** This metric can't be read; others may. */
    static GnocchiFailure refused(String message) {
        return new GnocchiFailure(false, message, null);
    }

    /** True if it concerns all metrics. */
    boolean isAway() {
        return away;
    }
}
