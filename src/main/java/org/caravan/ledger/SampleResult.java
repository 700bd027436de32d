package org.caravan.ledger;

/**
 * What became of samples that were read.
 *
 * @param stored kept, the late ones included
 * @param late kept, but usage of their hour was made before
 * @param duplicate known by their id
 * @param untrusted of a source that is not trusted
 * @param ignored of tenants that are not chosen
 * @param unmapped of meters that no usage is made of
 * @param quarantined unusable
 */
public record SampleResult(
        int stored, int late, int duplicate, int untrusted, int ignored, int unmapped, int quarantined) {
    static final SampleResult NOTHING = new SampleResult(0, 0, 0, 0, 0, 0, 0);
}
