package org.caravan.invoice;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.invoice.document.CreditNote;

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
        reason = reason.replaceAll("\\s+", " ").strip();
        if (reason.isEmpty()) {
            throw new UserError("a credit note needs a reason that its reader understands; say it with --reason TEXT");
        }
        if (reason.length() > CreditNote.MAX_REASON) {
            throw new UserError("the reason is " + reason.length() + " characters long; at most "
                    + CreditNote.MAX_REASON + " are kept");
        }
        if (reason.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(reason)) {
            throw new UserError("the reason contains characters that are no text; write it in plain words");
        }
        if (lines != null) {
            if (lines.isEmpty()) {
                throw new UserError("no line is named; leave --lines out to credit all");
            }
            lines = Collections.unmodifiableSortedSet(new TreeSet<>(lines));
        }
    }
}
