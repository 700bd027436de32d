package org.caravan.common;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;

/** Why a file of text can't be read, with the remedy that fits. */
public final class Unreadable {
    private Unreadable() {}

    /** @param what what the file is and where, such as {@code tariff /etc/caravan/tariff.yaml} */
    public static UserError of(String what, IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return new UserError(what + ": this user may not read it; give it to the hub's user or group", cause);
        }
        if (cause instanceof CharacterCodingException) {
            return new UserError(what + ": it is no UTF-8 text; write it as UTF-8", cause);
        }
        return new UserError(
                what + ": can't be read (" + cause.getMessage() + "); see that it is a file and whole", cause);
    }
}
