package org.caravan.hub.source;

import java.util.List;

/** A configured source that can be tried. A new kind of source brings one, and is named where the hub lists them. */
public interface SourceCheck {
    /** Name of the source in the ledger. */
    String name();

    /** What it is read with: {@code files}, {@code kafka}, {@code push}, {@code sql}, … */
    String kind();

    /**
     * Tries the source: whether it can be reached and read, how much it holds, what is newest.
     *
     * @return at least one finding, in the order in which things were looked at
     */
    List<SourceFinding> check();
}
