package org.caravan.metering.sample;

/**
 * What a resource used without a break: one usage record.
 *
 * @param begin microseconds since 1970
 * @param end exclusive
 * @param quantity a decimal; what a sample said where that is none, so that the record is set aside with it
 * @param service what it used of a meter that has several (a flavor, a volume type), or null
 */
record Stretch(long begin, long end, String quantity, String service) {
    boolean overlaps(Stretch other) {
        return begin < other.end && other.begin < end;
    }
}
