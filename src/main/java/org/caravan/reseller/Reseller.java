package org.caravan.reseller;

/**
 * Who asks: a merchant, as its portal is known.
 *
 * @param id of the merchant
 * @param name of the merchant
 * @param all true if the report may span all resellers: the role of the collection's administrator
 */
public record Reseller(String id, String name, boolean all) {}
