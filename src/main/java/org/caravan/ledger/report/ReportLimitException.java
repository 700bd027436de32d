package org.caravan.ledger.report;

import org.caravan.common.UserError;

/** A report asks for more than one answer may hold; the message names the limit and what to ask instead. */
public final class ReportLimitException extends UserError {
    ReportLimitException(String message) {
        super(message);
    }
}
