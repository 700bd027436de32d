package org.caravan.common;

/**
 * An error that a person can mend: one line that names the thing, the place and the remedy.
 *
 * <p>The command line prints the message alone and exits with {@link #exitCode()}; a stack trace is shown only on
 * request. Never put a secret into the message.
 */
public class UserError extends RuntimeException {
    private final int exitCode;

    /** A wrong input: exit code 2, nothing written. */
    public UserError(String message) {
        this(message, null);
    }

    /** As {@link #UserError(String)}, keeping the cause for {@code --verbose}. */
    public UserError(String message, Throwable cause) {
        this(2, message, cause);
    }

    /** An error with an exit code of its own. */
    public UserError(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The process exit code that this error asks for; 2 unless said otherwise. */
    public int exitCode() {
        return exitCode;
    }
}
