package org.caravan.invoice;

import java.time.YearMonth;
import java.util.List;

/**
 * What a close did.
 *
 * @param month that was closed
 * @param issued documents issued by this call, in the order of their numbers; none for accounts that were closed before
 * @param held accounts left open, with reasons
 */
public record CloseResult(YearMonth month, List<IssuedDocument> issued, List<Held> held) {
    /** An account whose month stays open. */
    public record Held(String account, String reason) {}

    public CloseResult {
        issued = List.copyOf(issued);
        held = List.copyOf(held);
    }
}
