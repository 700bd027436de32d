package org.caravan.common.keystone;

/** Keystone gave no usable answer. The message names the cause and the remedy, and no secret. */
public final class KeystoneException extends Exception {
    /** Why there is none; decides how soon asking again makes sense. */
    public enum Cause {
        /** No connection, no answer in time, or a server error. */
        AWAY,
        /** Keystone knows the service user not, or not with this password. */
        REFUSED,
        /** Keystone understood the request and says no: asking again changes nothing. */
        REJECTED,
        /** Something answered that is no Keystone v3, or is elsewhere. */
        STRANGE
    }

    private final Cause kind;

    KeystoneException(Cause kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Cause kind() {
        return kind;
    }
}
