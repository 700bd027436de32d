package org.caravan.ledger.report;

/** A report took too long, or waited too long for others; it can be asked again. */
public final class ReportBusyException extends RuntimeException {
    ReportBusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
