package org.caravan.reseller;

import java.time.Instant;

/**
 * A reseller's client: a customer, also one that was deleted.
 *
 * @param reseller id of its merchant
 * @param name for people
 * @param email or null
 * @param account by which its documents are known
 * @param currency of its documents (ISO 4217)
 * @param deletedAt null while it is there
 */
public record Client(
        String id,
        String reseller,
        String name,
        String email,
        String account,
        String currency,
        Instant createdAt,
        Instant deletedAt) {

    public boolean isDeleted() {
        return deletedAt != null;
    }
}
