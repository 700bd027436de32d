package org.caravan.invoice.document;

import java.nio.file.Path;
import java.util.Collection;
import org.caravan.ledger.TenantRef;

/** All account profiles: {@code config/accounts.yaml}. Immutable. */
public final class AccountProfiles {
    private AccountProfiles() {}

    /**
     * Reads the file.
     *
     * @throws org.caravan.common.UserError naming file, line and key
     */
    public static AccountProfiles read(Path file) {
        throw new UnsupportedOperationException();
    }

    /** Every tenant an account of its own, billed plainly. */
    public static AccountProfiles none() {
        throw new UnsupportedOperationException();
    }

    /**
     * Refuses profiles that can't bill what a ledger rates: another currency without a rate, or a rate other than 1 for
     * the ledger's own.
     */
    public void check(String ratingCurrency) {
        throw new UnsupportedOperationException();
    }

    /** A tenant's name in accounts and documents: its name, with its realm before it where that is not the default. */
    public static String tenantName(TenantRef tenant) {
        throw new UnsupportedOperationException();
    }

    /** The account that pays for a tenant. */
    public String accountOf(TenantRef tenant) {
        throw new UnsupportedOperationException();
    }

    /** How an account is billed; the defaults if the file does not name it. Never null. */
    public AccountProfile profile(String account) {
        throw new UnsupportedOperationException();
    }

    /** Every account that the file names, in its order. */
    public Collection<AccountProfile> named() {
        throw new UnsupportedOperationException();
    }
}
