package org.caravan.ledger;

import java.util.HashMap;
import java.util.Map;

/**
 * What this process knows of one bucket: the billed time of its series as of {@link #epoch}. It is true only while the
 * bucket's row is locked and shows the same epoch.
 */
final class BucketMemory {
    final int id;
    private final Map<SeriesState, SeriesState> series = new HashMap<>();

    /** Id of the last batch whose effect is in this memory; 0 = an empty bucket. */
    long epoch;

    /** False once forgotten: states that keys still point to must not be trusted any more. */
    boolean alive = true;

    /** Stamp of the last commit that touched it, for choosing what to forget. */
    long lastUsed;

    BucketMemory(int id) {
        this.id = id;
    }

    /** The series with these ids, made empty if it was not known. */
    SeriesState series(int tenant, int datacenter, int meter, int resource, int identity) {
        SeriesState probe = new SeriesState(this, tenant, datacenter, meter, resource, identity);
        SeriesState known = series.putIfAbsent(probe, probe);
        return known != null ? known : probe;
    }

    /** The series with these ids, or null. */
    SeriesState find(int tenant, int datacenter, int meter, int resource, int identity) {
        return series.get(new SeriesState(this, tenant, datacenter, meter, resource, identity));
    }

    int size() {
        return series.size();
    }
}
