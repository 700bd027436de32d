package org.caravan.api.http;

/** Who may ask at all; what of it they may see is decided by the route. */
public enum Policy {
    /** Anybody, also without a key. */
    PUBLIC {
        @Override
        boolean admits(Caller caller) {
            return true;
        }
    },
    /** Anybody who is known. */
    USER {
        @Override
        boolean admits(Caller caller) {
            return caller.kind() != Caller.Kind.NOBODY || caller.isAdmin();
        }
    },
    /** Merchants and administrators. */
    MERCHANT {
        @Override
        boolean admits(Caller caller) {
            return caller.isAdmin() || caller.roles().contains(Caller.MERCHANT);
        }
    },
    /** Resellers, and nobody in the place of one. */
    RESELLER {
        @Override
        boolean admits(Caller caller) {
            return caller.roles().contains(Caller.RESELLER);
        }
    },
    /** Customers of merchants, merchants and administrators. */
    CUSTOMER {
        @Override
        boolean admits(Caller caller) {
            return MERCHANT.admits(caller) || caller.roles().contains(Caller.CUSTOMER);
        }
    },
    /** Who may read its own project, and administrators. */
    READER {
        @Override
        boolean admits(Caller caller) {
            return caller.isReader();
        }
    },
    /** Who may push usage, and administrators. */
    SOURCE {
        @Override
        boolean admits(Caller caller) {
            return caller.isAdmin() || caller.roles().contains(Caller.SOURCE);
        }
    },
    /** Administrators. */
    ADMIN {
        @Override
        boolean admits(Caller caller) {
            return caller.isAdmin();
        }
    };

    abstract boolean admits(Caller caller);
}
