package org.caravan.invoice;

import java.time.YearMonth;
import java.util.List;
import org.caravan.invoice.hold.Hold;

/**
 * What a close did.
 *
 * @param month that was closed
 * @param issued documents issued by this call, in the order of their numbers; none for accounts that were closed before
 * @param held accounts left open, with reasons; an account with several reasons stands there for each
 * @param holds what kept the month open for every account
 * @param elsewhere accounts that another hub is closing just now
 * @param overridden what would have held, but was overridden
 */
public record CloseResult(
        YearMonth month,
        List<IssuedDocument> issued,
        List<Held> held,
        List<Hold> holds,
        List<String> elsewhere,
        List<Hold> overridden) {
    /** An account whose month stays open. */
    public record Held(String account, String reason) {}

    public CloseResult {
        issued = List.copyOf(issued);
        held = List.copyOf(held);
        holds = List.copyOf(holds);
        elsewhere = List.copyOf(elsewhere);
        overridden = List.copyOf(overridden);
    }

    /** True if nothing stays open that was to be closed. */
    public boolean isComplete() {
        return held.isEmpty() && holds.isEmpty() && elsewhere.isEmpty();
    }
}
