package org.caravan.hub.management;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caravan.hub.management.Finding.Area;

/** What needs attention beside the ledger: disks that are nearly full, connectors that can't be used. */
public final class LocalFindings {
    private static final long MIB = 1L << 20;

    private LocalFindings() {}

    public static List<Finding> of(Surroundings.Seen seen, Limits limits) {
        List<Finding> found = new ArrayList<>();
        for (Surroundings.Disk disk : seen.disks()) {
            if (disk.free() < limits.diskFree()) {
                found.add(new Finding(
                        Area.DISK,
                        String.format(
                                Locale.ROOT,
                                "the disk of the %s directory %s is nearly full: %,d MiB of %,d are free",
                                disk.use(),
                                disk.directory(),
                                disk.free() / MIB,
                                disk.size() / MIB),
                        "make room or give it a larger disk; caravan.health.diskFree is the limit"));
            }
        }
        seen.connectors().forEach((name, problem) -> {
            if (problem != null) {
                found.add(new Finding(
                        Area.CONNECTORS,
                        (name.isEmpty() ? "connectors: " : "connector " + name + " can't be used: ")
                                + Findings.line(problem),
                        name.isEmpty()
                                ? "correct it; caravan connector list shows all"
                                : "correct it, then caravan connector apply " + name.replaceFirst("/.*", "")));
            }
        });
        return found;
    }
}
