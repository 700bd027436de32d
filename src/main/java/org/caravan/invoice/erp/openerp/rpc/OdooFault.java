package org.caravan.invoice.erp.openerp.rpc;

import java.util.Locale;
import java.util.regex.Pattern;

/** A call that did not end well. Its message is one line, in the server's words where it answered. */
public final class OdooFault extends Exception {
    private static final int MAX_MESSAGE = 500;

    /**
     * What passes by itself: serialisation failures and deadlocks under their names, and one that 14 masks as a broken
     * constraint. Everything the database driver raises is of this kind, as it says nothing about what was asked for.
     */
    private static final Pattern PASSING = Pattern.compile("could not serialize access|deadlock detected|psycopg2"
            + "|account_move_line_check_accountable_required_fields|could not obtain lock|lock timeout"
            + "|ir_model_data_module_name_uniq_index|serializationfailure|locknotavailable|concurrent update"
            + "|current transaction is aborted|cursor already closed|connection already closed"
            + "|server closed the connection|too many connections|terminating connection");

    /** What may follow. */
    public enum Kind {
        /** The server can't do it now; the same call again may succeed. */
        PASSING,
        /** No answer came, or none that can be read: nobody knows whether it was done. */
        LOST,
        /** The server does not know who calls. */
        CREDENTIALS,
        /** The server says no, and will say so again. */
        REFUSED
    }

    private final Kind kind;
    private final String retryAfter;

    public OdooFault(Kind kind, String message) {
        this(kind, message, null);
    }

    public OdooFault(Kind kind, String message, Throwable cause) {
        this(kind, message, cause, null);
    }

    /** @param retryAfter how long the server asks to be left alone, as HTTP says it; null if it does not */
    OdooFault(Kind kind, String message, Throwable cause, String retryAfter) {
        super(line(message), cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /**
     * An error that the server answered.
     *
     * @param name the exception's class there, or empty
     * @param message what it says, perhaps a traceback
     * @param debug its traceback, or empty
     */
    static OdooFault answered(String name, String message, String debug) {
        String all = (name + "\n" + message + "\n" + debug).toLowerCase(Locale.ROOT);
        if (name.endsWith("AccessDenied")) {
            return new OdooFault(Kind.CREDENTIALS, lastLine(message));
        }
        return new OdooFault(isPassing(all) ? Kind.PASSING : Kind.REFUSED, lastLine(message));
    }

    /** True if a message of the server's is about something that passes by itself. */
    public static boolean isPassing(String message) {
        return PASSING.matcher(message.toLowerCase(Locale.ROOT)).find();
    }

    public Kind kind() {
        return kind;
    }

    /** How long the server asks to be left alone, as HTTP's Retry-After says it; null if it does not. */
    public String retryAfter() {
        return retryAfter;
    }

    /** True if the same call again may succeed. */
    public boolean mayPass() {
        return kind == Kind.PASSING || kind == Kind.LOST;
    }

    /** Of a traceback the last line, which is the message; of anything else all. */
    private static String lastLine(String message) {
        String text = message.strip();
        return text.startsWith("Traceback (most recent call last)")
                ? text.substring(text.lastIndexOf('\n') + 1).strip()
                : text;
    }

    private static String line(String message) {
        String line = message.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "..." : line;
    }
}
