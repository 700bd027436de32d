package org.caravan.ledger;

/**
 * What became of a held record.
 *
 * @param id in quarantine
 * @param note one line for people
 */
public record Outcome(long id, What what, String note) {
    /** The ways it can end. */
    public enum What {
        /** Billed, or billed in the place of what was. */
        BILLED,
        /** It was billed just so before. */
        DUPLICATE,
        /** It still can't be billed. */
        HELD,
        /** Thrown away. */
        DROPPED,
        /** Another command decided it before. */
        DECIDED
    }
}
