package org.caravan.metering.sample;

import java.util.List;
import java.util.Map;

/** How the samples that a resource has in one window become usage. */
interface Transformer {
    /**
     * @param samples of one meter and resource from {@link Window#readFrom} to the window's end, at least one, in the order of
     *     their time and id
     * @return in the order of time; empty if nothing was used
     */
    List<Stretch> apply(Transform transform, List<Sample> samples, Window window);

    /** The unit of what it gives, of samples in {@code unit}. */
    String unit(String unit);

    /** Where it finds what it needs in the metadata: by its own name of the field, the paths to look at in turn. */
    default Map<String, List<String>> fields() {
        return Map.of();
    }

    /** The field of {@link #fields} that is the service of a stretch, and so a field of the usage record; or null. */
    default String service() {
        return null;
    }
}
