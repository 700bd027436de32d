package org.caravan.reseller;

import org.caravan.subscription.Refusal;

/**
 * A part of a list.
 *
 * @param limit most things of it, 1 or more
 * @param marker id of the last thing of the part before; null for the first part
 */
public record Page(int limit, String marker) {
    /** Rows to be read: one more tells whether the list goes on. */
    int rows() {
        return limit + 1;
    }

    static Refusal unknownMarker() {
        return Refusal.of(Refusal.Kind.BAD_REQUEST, "marker: nothing of this list has this id.");
    }
}
