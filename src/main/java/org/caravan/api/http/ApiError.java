package org.caravan.api.http;

/** A request that can't be answered as asked. The text is for the caller: never a secret, never another tenant's name. */
public class ApiError extends RuntimeException {
    private final int status;

    /** @param status HTTP status, 400 or more */
    public ApiError(int status, String text) {
        this(status, text, null);
    }

    public ApiError(int status, String text, Throwable cause) {
        super(text, cause);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
