package org.caravan.api.http;

import java.util.Set;

/**
 * Who asks.
 *
 * @param user id of the user, or the key's name; null if nobody is known
 * @param project id of the project (tenant) that the caller speaks for, or null
 * @param roles role names in lower case
 * @param kind what it proved itself with
 * @param grant what its key may; null for whoever has no key that is confined
 */
public record Caller(String user, String project, Set<String> roles, Kind kind, Grant grant) {
    /** What a caller proved itself with. */
    public enum Kind {
        NOBODY,
        KEY,
        KEYSTONE
    }

    /**
     * What a key is confined to.
     *
     * @param subject whom it speaks for: the name of a source, or the id of a merchant or customer
     * @param tenants the only ones that it speaks for; empty = any
     * @param prices true if it may name prices
     */
    public record Grant(String subject, Set<String> tenants, boolean prices) {
        public Grant {
            tenants = Set.copyOf(tenants);
        }
    }

    /** The role that may do everything. */
    public static final String ADMIN = "admin";

    /** The role that may read what is its project's. */
    public static final String READER = "reader";

    /** The role that may push usage. */
    public static final String SOURCE = "source";

    /** The role of a merchant's key; the grant's subject is the merchant's id. */
    public static final String MERCHANT = "merchant";

    /** The role of a reseller's key; the grant's subject is the merchant's id. */
    public static final String RESELLER = "reseller";

    /** The role of a reseller's key that may see a report of all resellers. */
    public static final String ALL_RESELLERS = "all-resellers";

    /** The role of a merchant's customer; the grant's subject is the customer's id. */
    public static final String CUSTOMER = "customer";

    /** Nobody, who may do nothing but what is public. */
    public static final Caller NOBODY = new Caller(null, null, Set.of(), Kind.NOBODY);

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** One without a key that is confined. */
    public Caller(String user, String project, Set<String> roles, Kind kind) {
        this(user, project, roles, kind, null);
    }

    /** One who may do everything. */
    public static Caller admin(String user, Kind kind) {
        return new Caller(user, null, Set.of(ADMIN), kind);
    }

    /** True if the caller may read what is its project's; an administrator may. */
    public boolean isReader() {
        return isAdmin() || roles.contains(READER);
    }

    public boolean isAdmin() {
        return roles.contains(ADMIN);
    }
}
