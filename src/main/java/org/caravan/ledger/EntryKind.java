package org.caravan.ledger;

/**
 * Why an entry exists. The code is what the database keeps.
 *
 * <p>What is re-rated while its month is still open belongs to the lines it changes: such an entry has the kind of what it
 * re-rates, and a code that tells the two apart.
 */
public enum EntryKind {
    /** Usage, billed in the month it happened in. */
    USAGE(1),
    /** The difference between what was billed and what an accepted conflict says. */
    CORRECTION(2),
    /** Usage of a month that was closed before it came, billed in an open one. */
    ADJUSTMENT(3),
    /** The difference that other rules make to what another month's document bears. */
    RERATE(4);

    /** An expression over the column {@code kind}: the code of the kind that an entry's line has. */
    static final String LINE_KIND = "case when kind > 40 then kind - 40 else kind end";

    private static final int IN_PLACE = 40;

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Code of a re-rating of entries of this kind whose month is still open. */
    int inPlaceCode() {
        return IN_PLACE + code;
    }

    /** The kind with this database code, {@link #inPlaceCode} included. */
    public static EntryKind of(int code) {
        return values()[(code > IN_PLACE ? code - IN_PLACE : code) - 1];
    }
}
