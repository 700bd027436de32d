package org.caravan.invoice;

import java.nio.charset.StandardCharsets;
import org.caravan.common.UserError;
import org.caravan.invoice.document.CreditNote;

/** Why somebody ordered something, for people and auditors: one line of text. */
public final class Reason {
    private Reason() {}

    /**
     * The text as one line.
     *
     * @param missing what to say of a text that is none
     * @throws UserError if it is none, longer than {@link CreditNote#MAX_REASON}, or no text
     */
    public static String line(String text, String missing) {
        String line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        if (line.isEmpty()) {
            throw new UserError(missing);
        }
        if (line.length() > CreditNote.MAX_REASON) {
            throw new UserError("the reason is " + line.length() + " characters long; at most " + CreditNote.MAX_REASON
                    + " are kept");
        }
        if (line.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(line)) {
            throw new UserError("the reason contains characters that are no text; write it in plain words");
        }
        return line;
    }
}
