package org.caravan.reseller;

/**
 * A project of a client: a tenant that a subscription of the client's is, or was last, tied to.
 *
 * @param realm of the tenant
 * @param tenant its name in the ledger
 * @param id as the contract shows it: the tenant's, with its realm before it where that is not the default one
 */
public record Project(String realm, String tenant, String id) {}
