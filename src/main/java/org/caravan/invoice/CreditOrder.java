package org.caravan.invoice;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.caravan.common.UserError;

/**
 * What is to be credited.
 *
 * @param invoice its number, or its key where ledgers of several issuers share a number
 * @param lines numbers of lines, from 1 over all sections; null for all that are not credited yet
 * @param reason for people and auditors, kept in the credit note as one line
 */
public record CreditOrder(String invoice, SortedSet<Integer> lines, String reason) {
    /** @throws UserError if the reason is none, or lines are named but none */
    public CreditOrder {
        reason = Reason.line(
                reason, "a credit note needs a reason that its reader understands; say it with --reason TEXT");
        if (lines != null) {
            if (lines.isEmpty()) {
                throw new UserError("no line is named; leave --lines out to credit all");
            }
            lines = Collections.unmodifiableSortedSet(new TreeSet<>(lines));
        }
    }
}
