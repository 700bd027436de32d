package org.caravan.metering.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.caravan.metering.PositionRange;
import org.caravan.metering.Rejected;

/** Samples that were read together, with the stretches of their source that they cover. For one thread at a time. */
public final class SampleBatch {
    /** {@link #newest} of a stretch without any. */
    public static final long NONE = Long.MIN_VALUE;

    private final List<Placed> samples = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private List<PositionRange> positions = List.of();
    private long[] newest = {NONE};
    private int untrusted;
    private int ignored;
    private int unmapped;
    private String untrustedSource;

    /**
     * A sample and where it came from.
     *
     * @param positionIndex index into {@link #positions()}
     * @param position line or offset of the message that it came in
     */
    public record Placed(Sample sample, int positionIndex, long position) {}

    void add(Sample sample, int positionIndex, long position) {
        samples.add(new Placed(sample, positionIndex, position));
    }

    void reject(Rejected record) {
        rejected.add(record);
    }

    void saw(int positionIndex, long at) {
        newest[positionIndex] = Math.max(newest[positionIndex], at);
    }

    void distrust(String source) {
        untrusted++;
        untrustedSource = source;
    }

    void ignore() {
        ignored++;
    }

    void leaveOut() {
        unmapped++;
    }

    /** Says what it covers; before anything is added where there is more than one stretch. */
    public void setPositions(List<PositionRange> ranges) {
        positions = List.copyOf(ranges);
        newest = Arrays.copyOf(newest, Math.max(1, positions.size()));
        Arrays.fill(newest, Math.min(1, newest.length), newest.length, NONE);
    }

    /** Samples to be kept, in the order in which they were read. */
    public List<Placed> samples() {
        return Collections.unmodifiableList(samples);
    }

    /** Samples that can't be used. */
    public List<Rejected> rejected() {
        return Collections.unmodifiableList(rejected);
    }

    /** Sources and stretches that it covers; empty if it has no position. */
    public List<PositionRange> positions() {
        return positions;
    }

    /** The newest time that a stretch's samples have, also those that are not kept; {@link #NONE} without any. */
    public long newest(int positionIndex) {
        return newest[positionIndex];
    }

    /** Samples that were dropped as their source is not trusted. */
    public int untrusted() {
        return untrusted;
    }

    /** The source of one of them, or null. */
    public String untrustedSource() {
        return untrustedSource;
    }

    /** Samples of tenants that are not chosen. */
    public int ignored() {
        return ignored;
    }

    /** Samples of meters that no usage is made of. */
    public int unmapped() {
        return unmapped;
    }
}
