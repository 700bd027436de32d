package org.caravan.api.http;

import java.util.Set;

/**
 * Who asks.
 *
 * @param user id of the user, or the key's name; null if nobody is known
 * @param project id of the project (tenant) that the caller speaks for, or null
 * @param roles role names in lower case
 * @param kind what it proved itself with
 */
public record Caller(String user, String project, Set<String> roles, Kind kind) {
    /** What a caller proved itself with. */
    public enum Kind {
        NOBODY,
        KEY,
        KEYSTONE
    }

    /** The role that may do everything. */
    public static final String ADMIN = "admin";

    /** The role that may read what is its project's. */
    public static final String READER = "reader";

    /** Nobody, who may do nothing but what is public. */
    public static final Caller NOBODY = new Caller(null, null, Set.of(), Kind.NOBODY);

    public Caller {
        roles = Set.copyOf(roles);
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
