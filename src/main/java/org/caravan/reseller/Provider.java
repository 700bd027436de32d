package org.caravan.reseller;

import java.util.List;

/**
 * A cloud.
 *
 * @param id opaque
 * @param datacenters as usage names them; never empty
 * @param osVersion which OpenStack it runs, or null where nothing is said
 * @param publicApiUrl where its API is, or null where nothing is said
 * @param isPrivate true if it is for its reseller's own clients
 * @param reseller the merchant whose cloud it is, by name or id; null if nobody's
 */
public record Provider(
        String id,
        String name,
        List<String> datacenters,
        String osVersion,
        String publicApiUrl,
        boolean isPrivate,
        String reseller) {
    public Provider {
        datacenters = List.copyOf(datacenters);
    }

    /** The cloud of what is in no datacenter: an id that a path can hold. */
    static final String NOWHERE = "none";

    /** A datacenter that nobody described: a cloud of its own name. */
    static Provider of(String datacenter) {
        String name = datacenter.isEmpty() ? NOWHERE : datacenter;
        return new Provider(name, name, List.of(datacenter), null, null, false, null);
    }

    /** True if this merchant's cloud it is. */
    public boolean isOf(Reseller who) {
        return reseller != null && (reseller.equals(who.id()) || reseller.equals(who.name()));
    }
}
