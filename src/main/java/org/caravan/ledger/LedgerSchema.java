package org.caravan.ledger;

import java.time.YearMonth;
import javax.sql.DataSource;

/** Brings a database to the schema of {@code db/migration} and fixes what a ledger decides once. */
public final class LedgerSchema {
    private LedgerSchema() {}

    /** Applies missing migrations; needs Flyway on the class path. Safe to call from several processes at once. */
    public static void migrate(DataSource dataSource) {
        throw new UnsupportedOperationException();
    }

    /**
     * Fixes issuer, currency and proforma of a new ledger, or checks them against those of an old one.
     *
     * @param issuer wanted issuer, or null: a random one for a new ledger
     * @param currency the ledger's one rating currency (ISO 4217)
     * @throws org.caravan.common.UserError if the ledger was begun with others
     */
    public static Identity identify(DataSource dataSource, String issuer, String currency, boolean proforma) {
        throw new UnsupportedOperationException();
    }

    /** What a ledger decides once. */
    public record Identity(String issuer, String currency, boolean proforma) {}

    /** Makes the month's partitions if they are missing; safe to call from several processes at once. */
    public static void ensureMonth(DataSource dataSource, YearMonth month) {
        throw new UnsupportedOperationException();
    }
}
