package org.caravan.ledger;

/**
 * A tenant as the ledger knows it.
 *
 * @param id the ledger's id
 * @param realm cloud or reseller
 * @param name the tenant's id in its cloud
 * @param bucket row of the lock that guards its entries
 */
public record TenantRef(int id, String realm, String name, int bucket) {}
