package org.caravan.ledger;

/** Why an entry exists. The code is what the database keeps. */
public enum EntryKind {
    /** Usage, billed in the month it happened in. */
    USAGE(1),
    /** The difference between what was billed and what an accepted conflict says. */
    CORRECTION(2),
    /** Usage of a month that was closed before it came, billed in an open one. */
    ADJUSTMENT(3),
    /** The difference that another tariff makes to what was billed. */
    RERATE(4);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The kind with this database code. */
    public static EntryKind of(int code) {
        return values()[code - 1];
    }
}
