package org.caravan.metering;

/**
 * Which samples a batch's usage was made of, so that the ledger can see in the transaction that bills it that these are all.
 *
 * @param tenant the ledger's id of the tenant among those that have samples
 * @param before the end of the window before it, microseconds since 1970; 0 for a tenant's first
 * @param from where reading began
 * @param to the window's end, exclusive
 * @param samples how many there are in [from, to)
 * @param again true if the window was billed before, and is computed once more
 */
public record SampleWindow(int tenant, long before, long from, long to, long samples, boolean again) {}
