package org.caravan.hub.management;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What needs a person now, of all that was seen last: one answer for health, metrics and MBeans. */
final class Attention {
    private final Watch watch;
    private final Surroundings surroundings;
    private final Limits limits;

    Attention(Watch watch, Surroundings surroundings, Limits limits) {
        this.watch = watch;
        this.surroundings = surroundings;
        this.limits = limits;
    }

    Watch watch() {
        return watch;
    }

    Limits limits() {
        return limits;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    List<Finding> findings() {
        Instant now = watch.clock().instant();
        List<Finding> all = new ArrayList<>(LocalFindings.of(surroundings.last(), limits));
        Overview last = watch.last();
        if (last != null) {
            all.addAll(Findings.of(last, limits, now));
        }
        return all;
    }

    List<Finding> findings(Finding.Area area) {
        return findings().stream().filter(finding -> finding.area() == area).toList();
    }
}
