package org.caravan.ledger;

/**
 * What was last told of a resource.
 *
 * @param datacenter its region
 * @param resource its id
 * @param meter the meter whose records told it
 * @param metadata JSON object of the kept metadata, types kept
 */
public record ResourceInfo(String datacenter, String resource, String meter, String metadata) {}
